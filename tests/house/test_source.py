"""What the code may not do: each rule, on the whole tree and on a sample that breaks it."""

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.house.source import LAYERS, PRODUCT, ROOT, Source, dotted, python_in, tracked_files

# Where the machine's clock is read; everything else is told what time it is.
READS_THE_CLOCK = {
    "run.py",  # hands the clock down
    "bot/transport.py",  # measures how far the platform's clock is from ours
    "sandbox/clock.py",  # the sandbox keeps a time of its own
}
SPEAKS_HTTP = {"bot/client.py", "bot/transport.py"}
CLOCK_CALLS = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "date", "dt"}
SQL_CLOCK = re.compile(r"\b(?:now\(\)|current_(?:timestamp|date|time)\b)", re.IGNORECASE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BASKETS = re.compile(r"(?:^|/)(?:utils?|helpers?|common|misc|managers?)\.py$")


def imports_beyond_the_standard_library(source: Source) -> Iterator[str]:
    for node, module in source.imports():
        top = module.split(".")[0]
        if top != "domain" and top not in sys.stdlib_module_names:
            yield source.at(node, f"imports {module}")


def readings_of_the_clock(source: Source) -> Iterator[str]:
    for call in source.calls():
        name = dotted(call.func)
        owner, _, act = name.rpartition(".")
        if act in CLOCK_CALLS and owner.split(".")[-1] in CLOCK_OWNERS:
            yield source.at(call, name)
        if name in {"time.time", "func.now", "func.current_timestamp", "sa.func.now"}:
            yield source.at(call, name)
    for word in source.words():
        if SQL_CLOCK.search(str(word.value)):
            yield source.at(word, "asks the database for the time")


def imports_of_requests(source: Source) -> Iterator[str]:
    for node, module in source.imports():
        if module.split(".")[0] in {"requests", "urllib3"} or module.startswith("urllib.request"):
            yield source.at(node, f"imports {module}")


def sql_made_of_strings(source: Source) -> Iterator[str]:
    for call in source.calls():
        is_sql = dotted(call.func).rpartition(".")[2] in {"text", "exec_driver_sql", "execute"}
        if is_sql and call.args and _is_put_together(call.args[0]):
            yield source.at(call, "SQL put together from strings")


def _is_put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return _has_words(node.left) or _has_words(node.right)
    return isinstance(node, ast.Call) and dotted(node.func).endswith("format")


def _has_words(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _has_words(node.left) or _has_words(node.right)
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)


def chinese_words(source: Source) -> Iterator[str]:
    for word in source.words():
        if CHINESE.search(str(word.value)):
            yield source.at(word, f"says {word.value!r}")


def missing_docstring(source: Source) -> Iterator[str]:
    words = ast.get_docstring(source.tree) or ""
    first = words.split("\n\n")[0]
    if not first or "\n" in first or not first.endswith((".", "?", ":")):
        yield source.at(source.tree, "has no docstring that says in one line what it is for")


RULES = {
    "domain_imports_the_standard_library_only": (
        imports_beyond_the_standard_library,
        ("domain",),
        set[str](),
        "from sqlalchemy import select",
    ),
    "the_clock_is_handed_down": (
        readings_of_the_clock,
        (*PRODUCT, "sandbox"),
        READS_THE_CLOCK,
        "from datetime import UTC, datetime\nopened_at = datetime.now(UTC)",
    ),
    "the_database_is_not_asked_for_the_time": (
        readings_of_the_clock,
        PRODUCT,
        READS_THE_CLOCK,
        "opened_at = mapped_column(server_default=text('CURRENT_TIMESTAMP'))",
    ),
    "wechat_is_called_from_one_place": (
        imports_of_requests,
        PRODUCT,
        SPEAKS_HTTP,
        "import requests",
    ),
    "sql_is_never_put_together_from_strings": (
        sql_made_of_strings,
        PRODUCT,
        set[str](),
        "session.execute(text(f'SELECT * FROM tickets WHERE number = {number}'))",
    ),
    "chinese_stays_out_of_the_code": (
        chinese_words,
        ("cli", "handlers", "services", "models", "jobs", "web", "run.py", "wiring.py", "texts.py"),
        set[str](),
        "answer = '请稍候'",
    ),
    "each_file_says_what_it_is_for": (
        missing_docstring,
        (*PRODUCT, "sandbox", "tools", "bench"),
        set[str](),
        "import os",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_the_tree_keeps_the_rule(name):
    rule, places, exempt, _ = RULES[name]

    found = [
        hit for source in python_in(*places) if source.path not in exempt for hit in rule(source)
    ]

    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("name", RULES)
def test_a_sample_that_breaks_the_rule_is_found(name):
    rule, _, _, sample = RULES[name]

    assert list(rule(Source.of("sample.py", sample)))


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        (readings_of_the_clock, "held_for = now - ticket.opened_at; text('SELECT known()')"),
        (sql_made_of_strings, "session.execute(select(Ticket).where(Ticket.number == number))"),
        (sql_made_of_strings, "session.execute(text('SELECT 1 ' 'FROM tickets'))"),
        (chinese_words, 'def ask() -> None:\n    """Asks 请稍候."""'),
        (missing_docstring, '"""Rules of the desk.\n\nMore of it.\n"""'),
    ],
)
def test_code_that_keeps_the_rule_is_left_alone(rule, sample):
    assert list(rule(Source.of("sample.py", sample))) == []


def test_no_file_is_a_basket_for_whatever_fits_nowhere():
    assert [path for path in tracked_files() if BASKETS.search(path)] == []
    assert BASKETS.search("bot/utils.py")


def test_each_layer_is_a_package_that_says_what_it_is_for():
    existing = [name for name in LAYERS if list((ROOT / name).glob("*.py"))]

    assert [name for name in existing if not (ROOT / name / "__init__.py").is_file()] == []
