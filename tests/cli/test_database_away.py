"""A database that is away or without tables: one clear line, exit 1, no traceback (R-035)."""

import pytest

COMMANDS = (
    ("person", "list"),
    ("person", "add", "张工", "--role", "desk"),
    ("person", "code", "张工"),
    ("person", "import", "people.csv"),
    ("person", "import", "people.csv", "--apply"),
    ("ticket", "list"),
    ("ticket", "show", "0001"),
)
AWAY = (
    "postgresql+psycopg://desk:a-secret@127.0.0.1:1/desk",
    "sqlite:////dev/null/desk.sqlite",
    "mysql+nothing://desk:a-secret@127.0.0.1/desk",
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "people.csv").write_text("姓名,电话\n张工,13812345678\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("url", AWAY, ids=["postgresql", "sqlite", "unknown"])
def test_a_database_that_is_away_is_told_in_one_line(run_on, url, words):
    done = run_on(url)(*words)

    assert done.exit_code == 1
    assert done.output.startswith("Error: the database does not answer")
    assert done.output.count("\n") == 1 and "a-secret" not in done.output


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_missing_tables_are_told_with_what_brings_them(run_on, bare_database_url, words):
    done = run_on(bare_database_url)(*words)

    assert done.exit_code == 1
    assert "run.py migrate" in done.output and done.output.count("\n") == 1


def test_a_missing_secret_is_named(run_on, monkeypatch):
    run = run_on("sqlite://")
    monkeypatch.delenv("ITDESK_WECHAT__TOKEN")

    done = run("person", "list")

    assert (done.exit_code, "wechat.token" in done.output) == (1, True)
