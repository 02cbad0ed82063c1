"""The spec of an example without its properties: what a proposal starts from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from harness.language.declarations import ALWAYS, SOMETIMES, SPEC_FILE, Spec
from harness.language.spec.files import Files, read_text
from harness.language.spec.loader import parse_spec
from harness.language.spec.reading import read_toml
from harness.language.tables import Source
from harness.values.program import EventSpec, Program, Side

_SAYS_NOTHING = 10**12
_LEFT_OUT = (ALWAYS, SOMETIMES)


def load_draft(
    directory: Path, events: tuple[EventSpec, ...] = (), kept: Collection[str] = ()
) -> Spec:
    """The spec in ``directory`` with one property that says next to nothing, in place of its own.

    ``events`` take the place of the spec's events but those that are ``kept``. A directory without
    a spec is taken for one that declares nothing. Raises SpecError for whatever
    else is wrong with the spec.
    """
    tables = dict(tables_without_properties(directory))
    if events:
        own = {name: each for name, each in tables.get("events", {}).items() if name in kept}
        tables["events"] = own | {event.name: event.pattern for event in events}
    tables[ALWAYS] = {"placeholder": _placeholder(directory, tables)}
    return parse_spec(_source(directory), Files(directory), tables)


def tables_without_properties(directory: Path) -> Mapping[str, Any]:
    """What the spec in ``directory`` declares beside what is true; if there is none, its names."""
    named = {"title": directory.name, "summary": "not written yet"}
    found = read_toml(_source(directory))
    kept = {key: value for key, value in found.items() if key not in _LEFT_OUT}
    return {**named, **kept}


def _source(directory: Path) -> Source:
    """The text of the spec; an empty one where there is none yet."""
    path = directory / SPEC_FILE
    return Source(path, read_text(path, SPEC_FILE) if path.exists() else "")


def _placeholder(directory: Path, tables: Mapping[str, Any]) -> dict[str, Any]:
    """A property that speaks of every program and every event, and holds of nearly anything."""
    names = ["main"] if (directory / "main.py").exists() else []
    if (directory / "src" / "main.rs").exists():
        names = ["main"]
    events = list(tables.get("events", {}))
    rule = (
        {"count": {"of": events, "at-most": _SAYS_NOTHING}} if events else {"ending": {"code": 0}}
    )
    return {
        "why": "the proposals take its place",
        "programs": [*names, *tables.get("programs", {})],
        **rule,
    }


def programs_by_name(spec: Spec) -> dict[str, dict[Side, Program]]:
    """The programs of ``spec``: which sides each name is there on."""
    found: dict[str, dict[Side, Program]] = {}
    for program in spec.programs:
        found.setdefault(program.name, {})[program.side] = program
    return found
