"""What git keeps: pins with hashes, commands that exist, nothing of the place it was made in."""

import re
import tomllib

import pytest

from domain.complaints import complaint_diagram
from domain.lifecycle import diagram
from tests.house.source import ROOT, tracked_files

REQUIREMENTS = (
    "requirements.txt",
    "requirements-dev.txt",
    "tools/requirements-node.txt",
)
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]+\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
ADDRESS = re.compile(r"(?:https?|file)://|^\s*--(?:extra-|index|find|trusted)", re.MULTILINE)
# Spelled so that this file does not hold what it looks for.
OUR_PLACE = re.compile(
    r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+)/"
    r"|py[p]i\.org|python[h]osted|npm[j]s\.|npm[m]irror"
    r"|\b(?:a[i] agents?|l{2}ms?|chat[g]pt|cl[a]ude|c[o]pilot|sub[-]?agents?|co-auth[o]red-by)\b",
    re.IGNORECASE,
)
BINARY = {
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".ico",
    ".npz",
    ".woff2",
    ".ttf",
    ".xlsx",
    ".amr",
    ".mp4",
}
LINK = re.compile(r"\]\((?!https?:|picture:|#)([^)\s#]+)")  # picture: of an article
COMMAND = re.compile(r"(?:^|[`\s$])make ([a-z][a-z-]*)\b")


def entries(text: str) -> list[str]:
    """A requirement file's entries, each with its hashes."""
    lines = re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE)
    return [entry for entry in re.split(r"\n(?=\S)", lines.strip()) if entry]


def without_hash(text: str) -> list[str]:
    return [entry for entry in entries(text) if "--hash=sha256:" not in entry]


def pins(text: str) -> dict[str, str]:
    return {found["name"].lower(): found["version"] for found in PIN.finditer(text)}


def foreign_words(text: str) -> list[str]:
    return [found.group() for found in OUR_PLACE.finditer(text)]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_each_requirement_is_pinned_by_hash_and_names_no_host(name):
    text = (ROOT / name).read_text()

    assert len(entries(text)) == len(pins(text)) > 0
    assert without_hash(text) == []
    assert not ADDRESS.search(text)


def test_a_requirement_without_a_hash_or_with_a_host_is_found():
    assert without_hash("flask==3.1.3\njieba==0.42.1 \\\n    --hash=sha256:00\n") == [
        "flask==3.1.3"
    ]
    assert ADDRESS.search("--extra-index-url x") and ADDRESS.search("a @ https://host/a.whl")


@pytest.mark.parametrize(
    ("group", "locks"),
    [("runtime", REQUIREMENTS[:1]), ("dev", REQUIREMENTS[:2])],
)
def test_the_locked_versions_are_those_of_pyproject(group, locks):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = (
        project["project"]["dependencies"]
        if group == "runtime"
        else project["dependency-groups"]["dev"]
    )
    locked = {
        name: version for lock in locks for name, version in pins((ROOT / lock).read_text()).items()
    }
    wanted = pins("\n".join(listed))

    assert {name: locked.get(name) for name in wanted} == wanted


def test_both_lock_files_agree():
    runtime, dev = (pins((ROOT / name).read_text()) for name in REQUIREMENTS[:2])

    assert {name: dev[name] for name in dev.keys() & runtime.keys()}.items() <= runtime.items()


def test_no_file_names_the_place_where_it_was_made():
    found = {
        path: words
        for path in tracked_files()
        if not path.endswith(tuple(BINARY))
        and (words := foreign_words((ROOT / path).read_text(encoding="utf-8")))
    }

    assert found == {}


@pytest.mark.parametrize(
    "bad", ["see /wor~k/shared", "from py~pi.org", "by an A~I agent", "/ho~me/me/desk/"]
)
def test_such_a_name_is_found(bad):
    assert foreign_words(bad.replace("~", ""))


@pytest.mark.parametrize(
    "good", ["workers/", "a session of the kf desk", "docs/work/", "User-Agent"]
)
def test_a_name_of_our_own_is_left_alone(good):
    assert foreign_words(good) == []


@pytest.mark.parametrize("picture", [diagram, complaint_diagram])
def test_the_pictures_of_lifecycles_in_the_readme_are_those_of_the_tables(picture):
    assert f"```mermaid\n{picture()}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_each_picture_and_paper_that_the_papers_show_is_there():
    papers = [path for path in tracked_files() if path.endswith(".md")]
    missing = [
        f"{paper}: {link}"
        for paper in papers
        for link in LINK.findall((ROOT / paper).read_text(encoding="utf-8"))
        if not (ROOT / paper).parent.joinpath(link).exists()
    ]

    assert missing == []


def test_each_make_command_that_the_papers_name_exists():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    papers = [path for path in tracked_files() if path.endswith(".md") or path.startswith(".ci/")]
    named = {
        command
        for path in papers
        for command in _commands((ROOT / path).read_text(encoding="utf-8"))
    }

    assert named <= targets
    assert targets >= {"setup", "run", "test", "check", "bench", "crash", "reset"}


def _commands(text: str) -> set[str]:
    """What stands as `make something` in code, not the verb in a sentence."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(
        r"^\s*(?:\$ )?(make .*)$", text, re.MULTILINE
    )
    return {found for words in code for found in COMMAND.findall(words)}


def test_a_make_command_in_a_paper_is_read():
    assert _commands("Type `make run`, then\n\n    $ make test\n\nand make sure.") == {
        "run",
        "test",
    }
