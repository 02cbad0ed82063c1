"""One example's directory → its Spec."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, cast

from harness.language.declarations import Spec
from harness.language.spec.conditions import parse_python_floor, rust_floor
from harness.language.spec.consistency import check_consistency
from harness.language.spec.controls import parse_controls
from harness.language.spec.events import parse_events
from harness.language.spec.files import Files, read_text
from harness.language.spec.programs import parse_programs
from harness.language.spec.properties import parse_properties
from harness.language.spec.reading import read_toml
from harness.language.spec.survivors import parse_survivors
from harness.language.tables import Source, Table
from harness.values.errors import SpecError
from harness.values.program import Program

SPEC_FILE = "example.toml"
DEFAULT_ORDER = 1000


def load_spec(directory: Path) -> Spec:
    """Read ``example.toml`` in ``directory``; raises SpecError for whatever is wrong with it."""
    path = directory / SPEC_FILE
    try:
        text = read_text(path, SPEC_FILE)
    except SpecError as error:
        raise SpecError(f"{path}: expected a spec: {error}") from None
    return parse_spec(Source(path, text), Files(directory))


def parse_spec(source: Source, files: Files, tables: Mapping[str, Any] | None = None) -> Spec:
    """The spec that ``source`` declares; ``files`` are the example's other files.

    ``tables``, if given, stand for what ``source`` holds, which then tells
    only where things are.
    """
    table = Table(source, "", read_toml(source) if tables is None else tables)
    title, topic, summary = (table.text(key) for key in ("title", "topic", "summary"))
    _check_topic(table, topic, files.directory)
    events = parse_events(table)
    patterns = {name: pattern for name, (_, pattern) in events.items()}
    programs = parse_programs(table, files)
    properties = parse_properties(table, patterns, programs)
    timing = table.choice("timing", ("free", "strict"), "free")
    granularity = table.choice("granularity", ("gil", "opcode"), "gil")
    last_line = table.choice("last-line", ("whole", "cut"), "whole")
    spec = Spec(
        directory=files.directory,
        name=files.directory.name,
        topic=topic,
        title=title,
        summary=summary,
        order=table.integer("order", DEFAULT_ORDER),
        python_floor=parse_python_floor(table),
        rust_floor=rust_floor(files),
        timing=cast("Literal['free', 'strict']", timing),
        granularity=cast("Literal['gil', 'opcode']", granularity),
        last_line=cast("Literal['whole', 'cut']", last_line),
        events=tuple(event for event, _ in events.values()),
        programs=programs,
        properties=properties,
        controls=parse_controls(table, programs, properties, files),
        survivors=parse_survivors(table, programs),
        digest=_digest(source.text, programs, files),
    )
    table.finish()
    check_consistency(spec, source, patterns, files)
    return spec


def _check_topic(table: Table, topic: str, directory: Path) -> None:
    if topic != directory.parent.name:
        table.fail("topic", f'expected "{directory.parent.name}" (the directory), found "{topic}"')


def _digest(text: str, programs: Iterable[Program], files: Files) -> str:
    digest = hashlib.sha256(text.encode())
    for program in programs:
        digest.update(f"\0{program.path}\0{files.text(program.path)}".encode())
    return digest.hexdigest()[:16]
