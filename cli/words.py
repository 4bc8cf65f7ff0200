"""Sentences of texts.yaml as commands print them."""

from collections.abc import Iterable
from typing import Any

from cli.columns import printable
from cli.context import Desk
from domain.category import Category
from domain.permissions import Role
from domain.sentence import Say
from services.binding import CODE_VALID_FOR


def say(desk: Desk, key: str, **facts: Any) -> str:
    return desk.texts.words(key, facts, desk.clock())


def told(desk: Desk, what: Say) -> str:
    return say(desk, what.key, **what.facts)


def role_words(desk: Desk, roles: Iterable[Role]) -> str:
    """In the order of the roles, whatever order they come in."""
    held = set(roles)
    return ", ".join(say(desk, f"cli.roles.{role.value}") for role in Role if role in held)


def skill_words(desk: Desk, skills: Iterable[Category]) -> str:
    held = set(skills)
    return ", ".join(say(desk, f"category.{kind.value}") for kind in Category if kind in held)


def code_words(desk: Desk, name: str, code: str) -> str:
    """What somebody is told who is to join, and until when the code holds."""
    until = desk.clock() + CODE_VALID_FOR
    return say(desk, "cli.code", name=printable(name), code=code, until=until)
