"""The table of §12: complete, true of the sandbox, and shown by a test for each number."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.api import ENDPOINTS
from tests.house.source import ROOT
from tests.sandbox.conformance.table import (
    BESIDE,
    MACHINES,
    NOT_SIMULATED,
    PAGE,
    ROWS,
    page,
    simulated,
)

HERE = Path(__file__).parent
PAGES = ("/cgi-bin/showqrcode", "/connect/oauth2/authorize", "/mp/subscribemsg")
CALLS = [call.split() for call in (*(call for row in ROWS for call in row.calls), *BESIDE)]
SOURCES = sorted((ROOT / "sandbox").rglob("*.py"))
# Five or six digits that stand for something else.
NO_CODES = {
    *(10_000, 20_000, 50_000, 86_400, 86400, 100_000, 500_000, 1_000_000, 5_000_000, 200_000),
    *(12_200, 20261124, 2**32, 10_001),
    *(43201, 43202, 43203, 43204, 43205, 30101, 30102, 30103),  # numbers of templates
}


def numbers_in(source: str) -> Iterator[int]:
    """Every number in a source that looks like an errcode."""
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.Constant) else None
        if type(value) is int and 10_000 <= value < 1_000_000:
            yield value


def test_names() -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))
    return set(re.findall(r"^def (test_\w+)\(", text, re.MULTILINE))


test_names.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_each_call_of_the_table_is_answered_and_by_its_method(account, method, path):
    other = {"GET": "POST", "POST": "GET"}[method]
    if path in PAGES:
        assert account.ask(method, path).status_code in (200, 404)
        return

    answer = account.ask(other, path, params={"access_token": account.token()}, data=b"{}")

    assert path in ENDPOINTS
    assert ENDPOINTS[path].method in (method, "BOTH")
    if ENDPOINTS[path].method == method:
        assert answer.json()["errcode"] == {"GET": 43001, "POST": 43002}[method]


def test_each_call_that_is_answered_is_in_the_table():
    assert ENDPOINTS.keys() - {path for _, path in CALLS} == set()


def test_each_number_that_the_sandbox_can_answer_is_in_the_table():
    known = simulated() | NOT_SIMULATED.keys() | NO_CODES | {10005, 10010, 10011, 10012, 10013}
    found = {
        number: source.name
        for source in SOURCES
        for number in numbers_in(source.read_text(encoding="utf-8"))
    }

    assert {number: where for number, where in found.items() if number not in known} == {}


def test_a_number_that_is_new_is_found():
    assert list(numbers_in("raise ApiRefusal(45999, 'no')")) == [45999]


def test_no_number_is_both():
    assert simulated() & NOT_SIMULATED.keys() == set()


@pytest.mark.parametrize("code", sorted(simulated()))
def test_each_number_that_is_simulated_has_a_test_of_its_own(code):
    start = f"test_{code}_" if code >= 0 else f"test_minus_{-code}_"

    assert any(name.startswith(start) for name in test_names())


@pytest.mark.parametrize("code", sorted(NOT_SIMULATED))
def test_each_number_that_is_not_simulated_can_be_had_by_a_fault(account, code):
    account.token()
    account.live.rules(api_faults=[{"path": "*", "kind": "errcode", "errcode": code}])

    assert account.code("/cgi-bin/tags/get") == code


@pytest.mark.parametrize("rule", MACHINES)
def test_each_rule_of_the_state_machines_is_shown_by_a_test(rule):
    assert MACHINES[rule] in test_names()


def test_the_page_says_what_the_table_says():
    assert PAGE.read_text(encoding="utf-8") == page()
