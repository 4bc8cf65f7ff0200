"""Which version runs, what it is made of, and under whose licences (C §25)."""

import platform
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from flask import Response

from domain.permissions import Permission
from web.assets import FOLDER
from web.console.admin.acts import admin_page
from web.console.routes import pages
from web.page import needs
from web.site import site

routes = pages("admin_about", "/admin/about")

_PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_IS_EXTRA = re.compile(r";.*\bextra\b")
_LONGEST = 60  # characters of a licence's name; some say the whole text there


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A package that runs here; empty: it does not say under which licence."""

    name: str
    version: str
    licence: str


@routes.get("")
@needs(Permission.SETTING_MANAGE)
def about() -> Response:
    facts: dict[str, Any] = {
        "version": _project()["version"],
        "python": platform.python_version(),
        "database": "SQLite" if site().database.is_sqlite else "PostgreSQL",
        "parts": {"python": _packages(), "browser": _vendored()},
    }
    return admin_page("about.html", **facts)


@cache
def _project() -> dict[str, list[str]]:
    with _PROJECT.open("rb") as file:
        project: dict[str, list[str]] = tomllib.load(file)["project"]
    return project


@cache
def _packages() -> tuple[Part, ...]:
    """What the desk asks for, and what that asks for in turn."""
    found: dict[str, Distribution] = {}
    wanted = list(_named(_project()["dependencies"]))
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another platform
            continue
        wanted += _named(found[name].requires or ())
    return tuple(sorted(_part(name, each) for name, each in found.items()))


def _named(requirements: list[str] | tuple[str, ...]) -> Iterator[str]:
    for line in requirements:
        match = _NAME.match(line)
        if match and not _IS_EXTRA.search(line):
            yield match[0].lower().replace("_", "-").replace(".", "-")


def _part(name: str, found: Distribution) -> Part:
    facts = found.metadata
    names = [*(facts.get_all("License-Expression") or ()), *(facts.get_all("License") or ()), ""]
    said = names[0]
    kinds = [each for each in facts.get_all("Classifier") or () if "License ::" in each]
    if not said or len(said) > _LONGEST or "\n" in said:
        said = kinds[0].rpartition(" :: ")[2] if kinds else ""
    return Part(name, found.version, said)


@cache
def _vendored() -> tuple[Part, ...]:
    """What browsers load: fetched at installation, with its licence beside it."""
    with (FOLDER / "vendor.toml").open("rb") as file:
        listed = tomllib.load(file)["package"]
    return tuple(sorted(Part(each["name"], each["version"], each["licence"]) for each in listed))
