"""What the admin sets at run time, above config.yaml and the texts as they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.permissions import Permission, demand
from domain.sentence import Say
from models import OfficeSetting, TextOverride
from services import audit

if TYPE_CHECKING:
    from services.desk import Desk

SERVICE = "service."
"""Keys of what config.yaml has in its section `service`."""

LAID_ASIDE = "onboarding.laid_aside"
"""Key of the steps of the check list that nobody needs to be reminded of."""


class SettingsRefused(Exception):
    """Values that cannot be; `problems` says of each, by name, what is wrong with it."""

    def __init__(self, problems: Mapping[str, Say]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Own:
    """All that the admin set: values of `service.*` by name, sentences by key."""

    service: Mapping[str, Any] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)


def own(session: Session) -> Own:
    """Two short tables, read whole: no clock has to be trusted to see what changed."""
    settings = session.execute(
        select(OfficeSetting.key, OfficeSetting.value).where(OfficeSetting.key.startswith(SERVICE))
    )
    sentences = session.execute(select(TextOverride.key, TextOverride.words))
    return Own(
        {row.key.removeprefix(SERVICE): row.value for row in settings},
        {row.key: row.words for row in sentences},
    )


# --- settings ----------------------------------------------------------------------------------


def set_service(desk: "Desk", given: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """These values hold from now on; one that is as config.yaml gives it is the admin's no more."""
    demand(desk.actor.roles, Permission.SETTING_MANAGE)
    kept = own(desk.session).service
    for name, value in wanted.items():
        before = kept.get(name, given[name])
        if before == value:
            continue
        if value == given[name]:
            _drop(desk.session, SERVICE + name)
        else:
            _put(desk, SERVICE + name, value)
        audit.done_by(
            desk, "setting.change", f"setting:{SERVICE}{name}", {name: before}, {name: value}
        )


def laid_aside(session: Session) -> frozenset[str]:
    row = session.get(OfficeSetting, LAID_ASIDE)
    return frozenset(row.value) if row else frozenset()


def lay_aside(desk: "Desk", name: str, *, is_aside: bool = True) -> None:
    """This step of the check list is not shown as open any more; or it is again."""
    demand(desk.actor.roles, Permission.SETTING_MANAGE)
    kept = laid_aside(desk.session)
    after = kept | {name} if is_aside else kept - {name}
    if after != kept:
        _put(desk, LAID_ASIDE, sorted(after))


def _put(desk: "Desk", key: str, value: Any) -> None:
    row = desk.session.get(OfficeSetting, key)
    if row is None:
        row = OfficeSetting(key=key)
        desk.session.add(row)
    row.value, row.changed_at, row.changed_by_id = value, desk.now, desk.actor.id
    desk.session.flush()


def _drop(session: Session, key: str) -> None:
    session.execute(delete(OfficeSetting).where(OfficeSetting.key == key))


# --- sentences ---------------------------------------------------------------------------------


def reword(desk: "Desk", key: str, written: str, words: str) -> None:
    """Says this sentence so from now on; as it is written, if that is what is wanted."""
    demand(desk.actor.roles, Permission.TEXT_MANAGE)
    row = desk.session.get(TextOverride, key)
    before = row.words if row else written
    if words == before:
        return
    if words == written and row is not None:
        desk.session.delete(row)
    else:
        _keep_words(desk, row, key, words)
    desk.session.flush()
    audit.done_by(desk, "text.change", f"text:{key}", {"words": before}, {"words": words})


def _keep_words(desk: "Desk", row: TextOverride | None, key: str, words: str) -> None:
    if row is None:
        row = TextOverride(key=key)
        desk.session.add(row)
    row.words, row.changed_at, row.changed_by_id = words, desk.now, desk.actor.id
