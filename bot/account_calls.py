"""What is asked about the account itself: addresses, quotas, templates, past requests."""

from dataclasses import dataclass

from bot.calls import Calls, reading
from bot.transport import Answer, whole

_TEMPLATES = "/cgi-bin/template/get_all_private_template"
_QUOTA = "/cgi-bin/openapi/quota/get"


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one API today, of all who use the account."""

    limit: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template message that the account may send; `content` names its fields."""

    id: str
    title: str
    content: str


class AccountCalls(Calls):
    """Questions of whoever runs the desk (wechat-platform §4, §8)."""

    def callback_ips(self) -> list[str]:
        return [str(ip) for ip in self.call("GET", "/cgi-bin/getcallbackip")["ip_list"]]

    def callback_check(self) -> Answer:
        """How the platform reaches our callback: `dns` and `ping`, each a list."""
        body = {"action": "all", "check_operator": "DEFAULT"}
        return self.call("POST", "/cgi-bin/callback/check", body=body)

    def templates(self) -> list[AccountTemplate]:
        with reading(_TEMPLATES):
            rows = self.call("GET", _TEMPLATES)["template_list"]
            return [
                AccountTemplate(str(row["template_id"]), str(row["title"]), str(row["content"]))
                for row in rows
            ]

    def quota_of(self, path: str) -> Quota:
        """What is left today of the calls of one API, as the platform counts them."""
        with reading(_QUOTA):
            quota = self.call("POST", _QUOTA, body={"cgi_path": path})["quota"]
            limit, used, left = (whole(quota[name]) for name in ("daily_limit", "used", "remain"))
            if limit is None or used is None or left is None:
                raise ValueError("no numbers")
            return Quota(limit, used, left)

    def clear_quota(self) -> None:
        """All of today's counts begin anew; ten times a month, the backend's button included."""
        self.call("POST", "/cgi-bin/clear_quota", body={"appid": self._app_id})
        self._breakers.close_all()

    def request_of(self, request_id: str) -> Answer:
        """What the platform remembers of one refused request (its `rid`)."""
        answer = self.call("POST", "/cgi-bin/openapi/rid/get", body={"rid": request_id})
        return dict(answer["request"])
