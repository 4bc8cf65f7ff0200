"""Version and licences (C §25)."""

import tomllib

import pytest

from domain.permissions import Role
from settings import ROOT


@pytest.fixture
def admin(make_person):
    return make_person("罗敏", Role.ADMIN)


def test_each_package_is_there_with_its_version_and_licence_c25(at_desk, admin):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    page = at_desk(admin).opens("/console/admin/about")

    assert project["version"] in page.text
    for line in project["dependencies"]:
        name, _, version = line.partition("==")
        assert f"{name.partition('[')[0].lower()} {version}" in page.text, line
    assert "weui" in page.text and "MIT" in page.text
    assert page.text.count("没有写明") <= 3
