"""The project's own files, and what can be read out of Python source without running it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar, cast

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("bot", "web", "jobs", "handlers", "services", "models", "nlp", "domain")
PRODUCT = (
    *LAYERS,
    "run.py",
    "wiring.py",
    "settings.py",
    "texts.py",
    "logs.py",
    "failpoints.py",
    "counts.py",
    "cli",
    "migrations",
)

Node = TypeVar("Node", bound=ast.AST)
_SIGNS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop)
"""How a name or a number is used: half of a tree, and no rule asks."""


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, and its tree."""

    path: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, code: str) -> "Source":
        return cls(path, ast.parse(code))

    @cached_property
    def _nodes(self) -> dict[type[ast.AST], list[ast.AST]]:
        """All of the tree by kind, walked once for the many rules that look at it."""
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in _walked(self.tree):
            found.setdefault(type(node), []).append(node)
        return found

    def of_kind(self, kind: type[Node]) -> Iterator[Node]:
        return cast(Iterator[Node], iter(self._nodes.get(kind, ())))

    def at(self, node: ast.AST, what: str) -> str:
        """A finding as an editor can open it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)} {what}"

    def calls(self) -> Iterator[ast.Call]:
        return self.of_kind(ast.Call)

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Each module that is imported, by its full name."""
        for node in self.of_kind(ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        for found in self.of_kind(ast.ImportFrom):
            if found.module:
                yield found, found.module

    def words(self) -> Iterator[ast.Constant]:
        """String constants that are not docstrings."""
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        docstrings = {
            id(node.body[0].value)
            for kind in documented
            for node in self.of_kind(kind)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in self.of_kind(ast.Constant):
            if isinstance(node.value, str) and id(node) not in docstrings:
                yield node


@cache
def tracked_files() -> tuple[str, ...]:
    """What git keeps or would keep, so that caches and fetched files are left out."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    paths = sorted(set(listing.stdout.split("\0")) - {""})
    return tuple(path for path in paths if (ROOT / path).is_file())


@cache
def python_in(*places: str) -> tuple[Source, ...]:
    """The Python files in these folders, or these files, as far as they exist."""
    return tuple(
        _source(path)
        for path in tracked_files()
        if path.endswith(".py") and (path in places or path.split("/")[0] in places)
    )


@cache
def _source(path: str) -> Source:
    return Source.of(path, (ROOT / path).read_text(encoding="utf-8"))


def _walked(tree: ast.AST) -> Iterator[ast.AST]:
    """Each node before those below it, in the order of the source."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        below: list[ast.AST] = []
        for value in vars(node).values():
            if isinstance(value, list):
                below += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, _SIGNS):
                below.append(value)
        waiting += reversed(below)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""
