"""What people allowed the account to send them once more, and what they refused for good."""

from pydantic import BaseModel, Field

from sandbox.refusals import ApiRefusal
from sandbox.settings import Rules

_REFUSED = (43101, "user refuse to accept the msg")


class Grants(BaseModel):
    """Allowances, by person and template or scene."""

    once: list[str] = Field(default_factory=list)  # 一次性订阅: "openid scene"
    notices: dict[str, int] = Field(default_factory=dict)  # 订阅通知: "openid template", how many
    refused: list[str] = Field(default_factory=list)  # "openid template"

    def allow_once(self, openid: str, scene: str) -> None:
        """Allowances of one scene do not add up."""
        if f"{openid} {scene}" not in self.once:
            self.once.append(f"{openid} {scene}")

    def take_once(self, openid: str, scene: str) -> None:
        if f"{openid} {scene}" not in self.once:
            raise ApiRefusal(*_REFUSED)
        self.once.remove(f"{openid} {scene}")

    def accept(self, openid: str, template_id: str, rules: Rules) -> None:
        """One tap allows one message; taps add up if the rules say so."""
        key = f"{openid} {template_id}"
        self.refused = [each for each in self.refused if each != key]
        self.notices[key] = self.notices.get(key, 0) + 1 if rules.grants_add_up else 1

    def take(self, openid: str, template_id: str) -> None:
        key = f"{openid} {template_id}"
        if key in self.refused or not self.notices.get(key):
            raise ApiRefusal(*_REFUSED)
        self.notices[key] -= 1

    def refuse(self, openid: str, template_id: str) -> None:
        """In the phone's 通知管理: what was allowed is void."""
        key = f"{openid} {template_id}"
        self.notices.pop(key, None)
        if key not in self.refused:
            self.refused.append(key)

    def check_not_refused(self, openid: str, template_id: str) -> None:
        if f"{openid} {template_id}" in self.refused:
            raise ApiRefusal(*_REFUSED)

    def left(self, openid: str) -> dict[str, int]:
        """How many messages each template may still send to a person."""
        mine = (key.split() for key in self.notices)
        return {
            template: self.notices[f"{openid} {template}"]
            for owner, template in mine
            if owner == openid
        }
