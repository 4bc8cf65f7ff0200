"""Sentences and settings: each key that the code names exists, and each that exists is used."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.house.source import LAYERS, ROOT, Source, dotted, python_in
from texts import read_sentences

TEXTS = ROOT / "texts.yaml"
CONFIG = ROOT / "config.yaml"
SETTINGS = ROOT / "settings.py"
KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
SAYS = {"ask", "finish", "say", "tell"}
# What went wrong is told in an area's own words where it has some (web/page.py).
TOLD = re.compile(r"[a-z0-9]+\.told\..+")
BEGUN_IN_TEMPLATE = re.compile(r"'([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*\.)' ~")
# Pages name their keys in templates, not in Python.
TEMPLATES = ("web/**/*.html", "web/**/*.txt")


def leaves(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every key of a nested mapping as `section.key`."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def keys_named(source: Source, sections: Iterable[str]) -> Iterator[tuple[ast.AST, str]]:
    """Constants written like a key of one of these sections, or given to be said."""
    known, said = set(sections), {id(node) for node in given_to_be_said(source)}
    others = {id(node) for node in names_of_other_things(source)}
    for word in source.words():
        if id(word) in others:
            continue
        text = str(word.value)
        if KEY.fullmatch(text) and (text.partition(".")[0] in known or id(word) in said):
            yield word, text


def names_of_other_things(source: Source) -> Iterator[ast.AST]:
    """Permissions, events and failpoints are written like keys, too."""
    if source.path in ("domain/permissions.py", "domain/webhooks.py"):
        yield from source.words()
    for call in source.calls():
        if dotted(call.func) == "hit":
            yield from call.args


def given_to_be_said(source: Source) -> Iterator[ast.AST]:
    """What stands as an argument of `ask`, `finish` and the like, or behind `text_key=`."""
    for call in source.calls():
        if dotted(call.func).rpartition(".")[2] in SAYS:
            yield from call.args
    for given in source.of_kind(ast.keyword):
        if given.arg == "text_key":
            yield given.value
    for assigned in source.of_kind(ast.Assign):
        if any(dotted(target).endswith("text_key") for target in assigned.targets):
            yield assigned.value
    for noted in source.of_kind(ast.AnnAssign):
        if noted.value and dotted(noted.target).endswith("text_key"):
            yield noted.value


def prefixes_named(source: Source) -> Iterator[str]:
    """The beginnings of keys that are put together: `status.` of `f"status.{status}"`."""
    for node in source.of_kind(ast.JoinedStr):
        first = node.values[0] if node.values else None
        if isinstance(first, ast.Constant) and "." in str(first.value):
            yield str(first.value)


def missing_keys(sources: Iterable[Source], keys: set[str]) -> list[str]:
    """Keys that the code names and nobody has written a sentence for."""
    sections = {key.partition(".")[0] for key in keys}
    return [
        source.at(node, key)
        for source in sources
        for node, key in keys_named(source, sections)
        if key not in keys
    ]


def unused_keys(sources: Iterable[Source], keys: set[str], elsewhere: str = "") -> list[str]:
    """Keys that no code names, whole or by their beginning."""
    sections = {key.partition(".")[0] for key in keys}
    files = list(sources)
    named = {key for source in files for _, key in keys_named(source, sections)}
    named |= set(KEY.findall(elsewhere))
    begun = tuple({prefix for source in files for prefix in prefixes_named(source)})
    begun += tuple(BEGUN_IN_TEMPLATE.findall(elsewhere))
    return sorted(key for key in keys - named if not key.startswith(begun))


def fields_of(source: Source) -> set[str]:
    """The annotated fields of a file's classes."""
    return {
        node.target.id
        for owner in source.of_kind(ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def attributes_read(sources: Iterable[Source]) -> set[str]:
    return {node.attr for source in sources for node in source.of_kind(ast.Attribute)}


def _texts() -> set[str]:
    return set(read_sentences(TEXTS))


def _speaking() -> tuple[Source, ...]:
    return python_in(*LAYERS, "cli", "run.py", "texts.py")


def test_each_sentence_that_the_code_names_is_written():
    missing = missing_keys(_speaking(), _texts())

    assert not missing, "\n" + "\n".join(missing)


def test_each_sentence_that_is_written_is_named_in_the_code():
    pages = "\n".join(
        file.read_text(encoding="utf-8") for pattern in TEMPLATES for file in ROOT.glob(pattern)
    )
    unused = [key for key in unused_keys(_speaking(), _texts(), pages) if not TOLD.fullmatch(key)]

    assert not unused, "\n" + "\n".join(unused)


def test_each_key_of_the_shipped_config_is_a_field_that_the_settings_know():
    if not CONFIG.exists() or not SETTINGS.exists():
        pytest.skip("there is no config.yaml and settings.py yet")
    fields = {name for source in python_in("settings.py") for name in fields_of(source)}
    parts = {part for key in _outer_keys() for part in key.split(".")}

    assert parts <= fields


def _outer_keys() -> set[str]:
    """Two levels: below them stand an operator's own names, of teams and of areas."""
    tree = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    return {".".join(key.split(".")[:2]) for key in leaves(tree)}


def test_each_setting_is_read_somewhere():
    if not SETTINGS.exists():
        pytest.skip("there is no settings.py yet")
    fields = {name for source in python_in("settings.py") for name in fields_of(source)}

    assert fields - attributes_read(python_in(*LAYERS, "cli", "wiring.py", "settings.py")) == set()


SAMPLE = Source.of("handlers/sample.py", 'ask("incident.confirm"); say(f"status.{ticket.status}")')


def test_a_sentence_that_nobody_wrote_is_found():
    assert missing_keys([SAMPLE], {"incident.ask"}) == ["handlers/sample.py:1 incident.confirm"]


def test_a_sentence_of_an_unknown_section_is_found():
    typo = Source.of("x.py", 'ask("incidnet.confirm")\nNotice(text_key="ntice.new")')
    refusal = Source.of("y.py", 'class Taken(Refusal):\n    text_key = "refsal.taken"')

    found = missing_keys([typo, refusal], {"incident.confirm"})

    assert found == ["x.py:1 incidnet.confirm", "x.py:2 ntice.new", "y.py:2 refsal.taken"]


def test_a_sentence_that_nobody_says_is_found():
    keys = {"incident.confirm", "incident.old", "status.new"}

    assert unused_keys([SAMPLE], keys) == ["incident.old"]


def test_what_is_no_key_is_left_alone():
    other = Source.of("x.py", 'open("config.yaml"); log("incident"); x = "Incident.Confirm"')

    assert missing_keys([other], {"incident.confirm"}) == []


def test_fields_and_their_readers_are_seen():
    settings = Source.of("settings.py", "class Service:\n    urgent_first: bool\n    calm: int = 3")
    reader = Source.of("run.py", "serve(settings.service.calm)")

    assert fields_of(settings) - attributes_read([reader]) == {"urgent_first"}


def test_nested_and_flat_keys_are_read_alike():
    assert set(leaves({"incident": {"ask": "?"}, "help.more": "!"})) == {
        "incident.ask",
        "help.more",
    }


def test_no_key_stands_twice_in_a_section():
    """YAML lets the second one win, and the first sentence is never said."""
    files = [TEXTS, *sorted((ROOT / "web" / "texts").glob("*.yaml"))]
    twice = [
        f"{file.name}:{line} {key}"
        for file in files
        for key, line in _doubled(yaml.compose(file.read_text(encoding="utf-8"), yaml.CSafeLoader))
    ]

    assert twice == []


def _doubled(node: Any) -> Iterator[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, value in node.value:
        if key.value in seen:
            yield key.value, key.start_mark.line + 1
        seen.add(key.value)
        yield from _doubled(value)
