"""Imports point one way: what decides is pure, and what touches the world sits at the rim."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HARNESS = ROOT / "harness"
RUNTIME = HARNESS / "schedules" / "runtime"

FLOORS = (
    {"values"},
    {"language"},
    {"machine", "judging"},
    {"schedules", "reports"},
    {"record"},
    {"bench"},
    {"cluster", "proof", "pytest_plugin"},
    {"site", "authoring"},
    {"books"},
    {"commands"},
    {"cli"},
    {"__main__", "documents"},
)
"""The rooms of the harness: each imports only from the floors below its own."""

PURE = (
    "books.directives",
    "bench.doubts",
    "cluster.losing",
    "judging",
    "language.closed_rules",
    "language.control_texts",
    "language.declarations",
    "language.patterns",
    "language.places",
    "language.properties",
    "language.python_syntax",
    "language.tables",
    "machine.toolchains.tried",
    "machine.toolchains.versions",
    "proof.audit.build_mutants",
    "proof.audit.conclusions",
    "proof.audit.declared",
    "proof.audit.ending_mutants",
    "proof.audit.excuses",
    "proof.audit.figures",
    "proof.audit.line_mutants",
    "proof.audit.mutants",
    "proof.audit.results",
    "proof.audit.text",
    "proof.hanging",
    "proof.shown",
    "proof.variants",
    "reports.findings",
    "reports.notes",
    "reports.styled",
    "reports.text",
    "schedules.accesses",
    "schedules.deadlock",
    "schedules.dependence",
    "schedules.dpor",
    "schedules.lanes",
    "schedules.likeliest",
    "schedules.names",
    "schedules.record",
    "schedules.reduction",
    "schedules.rotation",
    "schedules.search",
    "values",
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


def imported(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """The names that these statements import."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_of(path: Path) -> Iterator[str]:
    """What a module imports when it is imported itself; within functions is another matter."""
    yield from imported(iter(ast.parse(path.read_text(encoding="utf-8")).body))


def inner(names: Iterator[str], known: dict[str, Path]) -> set[str]:
    """The modules of the harness among these names."""
    found = set()
    for name in names:
        if name.startswith("harness."):
            own = name.removeprefix("harness.")
            found.add(own if own in known else own.rpartition(".")[0])
    return found


def is_pure(name: str) -> bool:
    """Whether a module is among those that decide."""
    return any(name == pure or name.startswith(f"{pure}.") for pure in PURE)


def floor_of(room: str) -> int:
    """On which floor it is, from the ground up."""
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_each_room_imports_only_from_below() -> None:
    """Whatever is imported counts: within functions, and for the type checker only, too."""
    known = modules()
    wrong = []
    for name, path in known.items():
        room = name.partition(".")[0]
        every = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for other in inner(imported(every), known):
            to = other.partition(".")[0]
            if room and to not in ("", room) and floor_of(to) >= floor_of(room):
                wrong.append(f"{name} imports {other}")
    assert [] == wrong


def test_every_room_is_on_the_map() -> None:
    """The rooms that are there are those of the floors, and each has its line on the page."""
    rooms = {name.partition(".")[0] for name in modules()} - {""}
    assert rooms == set().union(*FLOORS)
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [] == [room for room in rooms if f"`{room}" not in page]


def test_every_file_on_the_map_is_there() -> None:
    """What the page names by its path, from the root or from the harness, or as a module."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    known = modules()
    rooms = set().union(*FLOORS)
    missing = []
    for name in sorted(set(page.split("`")[1::2])):
        if "/" in name and " " not in name:
            if not any(list(top.glob(name)) for top in (ROOT, HARNESS, RUNTIME.parent)):
                missing.append(name)
        elif name.partition(".")[0] in rooms and name not in known:
            missing.append(name)
    assert [] == missing


SAME_NAMED = frozenset({"Kind"})
"""Has two meanings still: that of touches in ``dependence``, and of departures in ``search``."""


def test_a_type_name_has_one_meaning() -> None:
    """No two modules have a public type of one name; the runtimes run in other processes."""
    homes: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)
    twice = {name: found for name, found in homes.items() if len(found) > 1}
    assert {} == {name: found for name, found in twice.items() if name not in SAME_NAMED}


def test_no_module_imports_in_a_circle() -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    known = modules()
    graph = {name: inner(imports_of(path), known) - {name} for name, path in known.items() if name}
    # A package imports its own modules to offer them; they do not import it.
    order = list(TopologicalSorter(graph).static_order())
    assert set(graph) <= set(order)


@pytest.mark.parametrize("name", [name for name in modules() if is_pure(name)])
def test_what_decides_touches_nothing(name: str) -> None:
    """A pure module imports pure ones only, and nothing that reaches out of the process."""
    known = modules()
    others = {other for other in inner(imports_of(known[name]), known) if not is_pure(other)}
    outer = {name.partition(".")[0] for name in imports_of(known[name])} & WORLD
    assert (set(), set()) == (others, outer)


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
        if any(other.partition(".")[0] == "subprocess" for other in imports_of(path))
    }
    allowed = ("machine.process.", "schedules.instrument")
    assert [] == sorted(name for name in starters if not f"{name}.".startswith(allowed))
