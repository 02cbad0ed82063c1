"""Imports point one way: what decides is pure, and what touches the world sits at the rim."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

HARNESS = Path(__file__).parent.parent / "harness"
RUNTIME = HARNESS / "schedules" / "runtime"

PURE = (
    "audit.build_mutants",
    "audit.conclusions",
    "audit.declared",
    "audit.ending_mutants",
    "audit.excuses",
    "audit.figures",
    "audit.hanging",
    "audit.line_mutants",
    "audit.mutants",
    "audit.patches",
    "audit.results",
    "audit.text",
    "audit.variants",
    "claims",
    "closed_world",
    "control_texts",
    "diagnostics",
    "doubts",
    "errors",
    "excerpts",
    "judge",
    "model",
    "patterns",
    "places",
    "properties",
    "reference",
    "reports.notes",
    "reports.text",
    "schedules.deadlock",
    "schedules.lanes",
    "schedules.likeliest",
    "schedules.names",
    "schedules.record",
    "schedules.reduction",
    "schedules.rotation",
    "schedules.search",
    "stderr",
    "tables",
    "toolchains.tried",
    "toolchains.versions",
    "trace",
    "verdict",
    "watch",
)
"""Modules and packages that decide, and touch nothing."""

WORLD = frozenset(
    ("os", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time")
)
"""What a pure module has no business with."""


def modules() -> dict[str, Path]:
    """Every module of the harness by its name; the runtimes are no part of it."""
    found = {}
    for path in sorted(HARNESS.rglob("*.py")):
        if RUNTIME not in path.parents:
            parts = path.relative_to(HARNESS).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imports_of(path: Path) -> Iterator[str]:
    """What a module imports when it is imported itself; within functions is another matter."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inner_imports(path: Path, known: dict[str, Path]) -> set[str]:
    """The modules of the harness that a module imports."""
    found = set()
    for name in imports_of(path):
        if name.startswith("harness."):
            inner = name.removeprefix("harness.")
            found.add(inner if inner in known else inner.rpartition(".")[0])
    return found


def is_pure(name: str) -> bool:
    """Whether a module is among those that decide."""
    return any(name == pure or name.startswith(f"{pure}.") for pure in PURE)


def test_no_module_imports_in_a_circle() -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    known = modules()
    graph = {name: inner_imports(path, known) - {name} for name, path in known.items() if name}
    # A package imports its own modules to offer them; they do not import it.
    order = list(TopologicalSorter(graph).static_order())
    assert set(graph) <= set(order)


@pytest.mark.parametrize("name", [name for name in modules() if is_pure(name)])
def test_what_decides_touches_nothing(name: str) -> None:
    """A pure module imports pure ones only, and nothing that reaches out of the process."""
    known = modules()
    inner = {other for other in inner_imports(known[name], known) if not is_pure(other)}
    outer = {imported.partition(".")[0] for imported in imports_of(known[name])} & WORLD
    assert (set(), set()) == (inner, outer)


def test_every_pure_name_is_there() -> None:
    """A module that was renamed is not silently left unchecked."""
    known = modules()
    missing = [
        pure
        for pure in PURE
        if not any(name == pure or name.startswith(f"{pure}.") for name in known)
    ]
    assert [] == missing


def test_only_the_rim_starts_processes() -> None:
    """Processes are started by one package, and by the probes that it would be too much for."""
    starters = {
        name
        for name, path in modules().items()
        if any(imported.partition(".")[0] == "subprocess" for imported in imports_of(path))
    }
    allowed = {"process", "schedules.instrument"}
    assert set() == {name for name in starters if name.partition(".")[0] not in allowed} - allowed
