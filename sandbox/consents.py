"""What people allow the account and its pages, and what they take back."""

from collections.abc import Sequence

from sandbox.callback import Sender
from sandbox.phone_events import popup_row
from sandbox.phones import NotPossible, send_event
from sandbox.pushes import Fields, Push
from sandbox.state import Person
from sandbox.world import World


class Consents:
    """The switches and questions on all phones; most answers are pushed."""

    def __init__(self, world: World, sender: Sender) -> None:
        self._world = world
        self._sender = sender

    def block(self, openid: str, *, is_blocking: bool) -> None:
        """接收消息, the switch in the account's profile."""
        with self._world.locked():
            self._world.person(openid).is_blocking = is_blocking

    def grant(self, openid: str, accepts: Sequence[str] = (), rejects: Sequence[str] = ()) -> Push:
        """The answer to <wx-open-subscribe>: each template accepted or rejected once."""
        with self._world.locked() as state:
            person = self._world.person(openid)
            if unknown := {*accepts, *rejects} - state.notices.keys():
                raise NotPossible(f"没有这个订阅模板：{min(unknown)}")
            for template in accepts:
                state.grants.accept(openid, template, self._world.rules)
            rows = [popup_row(each, "accept") for each in accepts]
            rows += [popup_row(each, "reject") for each in rejects]
            inner = {"List": rows}
            event = {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": inner}
            return self._event(person, event)

    def refuse(self, openid: str, template_id: str) -> Push | None:
        """通知管理: nothing of this template any more; only a notice's refusal is pushed."""
        with self._world.locked() as state:
            person = self._world.person(openid)
            if template_id not in {*state.notices, *state.templates}:
                raise NotPossible(f"没有这个模板：{template_id}")
            state.grants.refuse(openid, template_id)
            if template_id not in state.notices:
                return None
            row = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
            inner = {"List": [row]}
            event = {"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": inner}
            return self._event(person, event)

    def snapshot(self, openid: str, *, is_snapshotuser: bool) -> None:
        """Whether pages get a virtual person to know, as on a snapshot page."""
        with self._world.locked():
            self._world.person(openid).is_snapshotuser = is_snapshotuser

    def revoke(self, openid: str) -> Push:
        """What pages were allowed to know is theirs no more."""
        with self._world.locked() as state:
            person = self._world.person(openid)
            state.oauth.revoke(openid)
            fields = {"OpenID": openid, "AppID": self._world.settings.app_id, "RevokeInfo": "1"}
            return self._event(person, {"Event": "user_authorization_revoke", **fields})

    def _event(self, person: Person, fields: Fields) -> Push:
        return send_event(self._world, self._sender, person, fields)
