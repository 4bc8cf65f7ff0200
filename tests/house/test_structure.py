"""What is seen by running: layers hold, models equal migrations, every step is handled."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, MetaData, Table, create_engine

from models.search import is_compared
from tests.databases import MIGRATIONS, migrate
from tests.house.source import ROOT, tracked_files

RUN_COMMAND = re.compile(r"run\.py ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")


def steps_unhandled(module: Any) -> list[str]:
    """What a conversation forgets, or handles without having it as a step."""
    declared, handled = set(module.Step), set(module.CONVERSATION.steps)
    return sorted(str(step) for step in declared ^ handled)


def conversations() -> list[ModuleType]:
    """The files of handlers/ that hold a conversation with steps."""
    names = [f"handlers.{found.name}" for found in pkgutil.iter_modules([str(ROOT / "handlers")])]
    modules = [importlib.import_module(name) for name in names]
    return [module for module in modules if hasattr(module, "CONVERSATION")]


def differences(url: str, metadata: MetaData) -> list[Any]:
    """What autogenerate would still have to write."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            opts = {"compare_type": True, "include_object": is_compared}
            context = MigrationContext.configure(connection, opts=opts)
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()


def _metadata() -> MetaData:
    if not (MIGRATIONS / "env.py").exists():
        pytest.skip("there are no migrations yet")
    metadata: MetaData = importlib.import_module("models").Base.metadata
    return metadata


def test_imports_go_downward_only():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_migrations_make_what_the_models_say(bare_database_url):
    metadata = _metadata()

    migrate(bare_database_url)

    assert differences(bare_database_url, metadata) == []


def test_a_table_that_no_migration_makes_is_found(bare_database_url):
    metadata = MetaData()
    Table("forgotten", metadata, Column("id", Integer, primary_key=True))

    assert [found[0] for found in differences(bare_database_url, metadata)] == ["add_table"]


def test_every_step_of_every_conversation_is_handled():
    found = {
        module.__name__: steps_unhandled(module)
        for module in conversations()
        if hasattr(module, "Step")
    }

    assert {name: steps for name, steps in found.items() if steps} == {}


def test_each_conversation_has_a_name_of_its_own():
    names = [module.CONVERSATION.name for module in conversations()]

    assert len(names) == len(set(names))


def test_a_step_that_nobody_handles_is_found():
    module = SimpleNamespace(
        Step=["symptom", "location"], CONVERSATION=SimpleNamespace(steps={"symptom": len})
    )

    assert steps_unhandled(module) == ["location"]


def test_each_command_of_run_py_that_the_papers_name_exists():
    if not (ROOT / "run.py").exists():
        pytest.skip("there is no run.py yet")
    papers = [path for path in tracked_files() if path.endswith(".md")]
    named = {
        command
        for path in papers
        for command in RUN_COMMAND.findall((ROOT / path).read_text(encoding="utf-8"))
    }
    main = importlib.import_module("run").main
    names = main.list_commands(None)
    group = SimpleNamespace(commands={name: main.get_command(None, name) for name in names})

    assert sorted(command for command in named if not is_command(group, command.split())) == []


def is_command(group: Any, words: list[str]) -> bool:
    """Whether click knows the first word, and the second where the first is a group."""
    command = group.commands.get(words[0])
    if command is None or not hasattr(command, "commands") or len(words) == 1:
        return command is not None
    return words[1] in command.commands


def test_a_command_that_does_not_exist_is_found():
    person = SimpleNamespace(commands={"add": SimpleNamespace()})
    group = SimpleNamespace(commands={"person": person, "demo": SimpleNamespace()})

    assert is_command(group, ["person", "add"]) and is_command(group, ["demo", "in"])
    assert not is_command(group, ["person", "drop"]) and not is_command(group, ["start"])
