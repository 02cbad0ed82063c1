"""One example's directory → its Spec."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.language.declarations import BREAKS_FILE, SPEC_FILE, Property, Spec
from harness.language.patterns import Pattern
from harness.language.spec.conditions import parse_python_floor, rust_floor
from harness.language.spec.consistency import check_consistency
from harness.language.spec.events import parse_events
from harness.language.spec.files import Files
from harness.language.spec.former import MOVED, in_present_form, is_former
from harness.language.spec.guesses import parse_guesses
from harness.language.spec.packages import parse_packages
from harness.language.spec.programs import LIBRARY, parse_programs
from harness.language.spec.properties import parse_properties
from harness.language.spec.reading import read_source, read_toml
from harness.language.spec.variants import Variants, parse_variants
from harness.language.tables import Source, Table
from harness.values.errors import SpecError
from harness.values.program import Packages, Program


def load_spec(directory: Path) -> Spec:
    """Read the spec in ``directory``, and its variants where there are any.

    Raises SpecError for whatever is wrong with them.
    """
    _check_name(directory)
    source, path = read_source(directory / SPEC_FILE, "a spec"), directory / BREAKS_FILE
    breaks = read_source(path, "variants of the programs") if path.exists() else None
    return parse_spec(source, Files(directory), breaks=breaks)


def _check_name(directory: Path) -> None:
    """Raise SpecError for a name that could stand in no report."""
    for part in (directory.parent.name, directory.name):
        try:
            part.encode()
        except UnicodeEncodeError:
            raise SpecError(
                f"{directory}: expected a name in UTF-8, found {part!r}; rename the directory",
                file=SPEC_FILE,
            ) from None


def parse_spec(
    source: Source,
    files: Files,
    tables: Mapping[str, Any] | None = None,
    breaks: Source | None = None,
) -> Spec:
    """The spec that ``source`` declares, with the variants of ``breaks``.

    ``files`` are the example's other files. ``tables``, if given, stand for what
    ``source`` holds, which then tells only where things are.
    """
    tables = read_toml(source) if tables is None else tables
    former = in_present_form(source, tables) if breaks is None and is_former(tables) else None
    table = Table(former.source, "", former.claims) if former else Table(source, "", tables)
    _refuse_old(table)
    spec, patterns = _parse_claims(table, files)
    if former:
        source = former.source
        variants = parse_variants(
            Table(source, "", former.variants), spec.programs, spec.properties
        )
    else:
        variants = _variants(breaks, spec.programs, spec.properties)
    spec = replace(
        spec,
        rust_floor=rust_floor(files),
        controls=variants.controls,
        accepted=variants.accepted,
        survivors=variants.survivors,
        digest=_digest(source.text, spec.packages, spec.programs, files),
        is_former=former is not None,
        breaks_digest=_shortened(hashlib.sha256(breaks.text.encode())) if breaks else "",
    )
    check_consistency(spec, source, patterns, files)
    return spec


def _parse_claims(table: Table, files: Files) -> tuple[Spec, Mapping[str, Pattern]]:
    """What ``example.toml`` says by itself, and the patterns of its events, by their names.

    In this order, since each part is read by the names of those before it: properties speak of
    events and programs, guesses of properties.
    """
    title, summary = table.text("title"), table.text("summary")
    events = parse_events(table)
    patterns = {name: pattern for name, (_, pattern) in events.items()}
    programs = parse_programs(table, files)
    properties = parse_properties(table, patterns, programs)
    spec = Spec(
        directory=files.directory,
        name=files.directory.name,
        topic=files.directory.parent.name,
        title=title,
        summary=summary,
        guesses=parse_guesses(table, properties),
        timing=table.choice("timing", ("free", "strict"), "free"),
        granularity=table.choice("granularity", ("gil", "opcode"), "gil"),
        task_order=table.choice("task-order", ("fifo", "free"), "fifo"),
        last_line=table.choice("last-line", ("whole", "cut"), "whole"),
        packages=parse_packages(table, files.directory.parent.parent, files),
        python_floor=parse_python_floor(table),
        events=tuple(event for event, _ in events.values()),
        programs=programs,
        properties=properties,
    )
    table.finish()
    return spec, patterns


def _refuse_old(table: Table) -> None:
    """Say of keys of an earlier form what says the same now."""
    for key, hint in MOVED.items():
        if key in table:
            table.fail(key, hint)


def _variants(
    breaks: Source | None, programs: tuple[Program, ...], properties: tuple[Property, ...]
) -> Variants:
    if breaks is None:
        return Variants()
    return parse_variants(Table(breaks, "", read_toml(breaks)), programs, properties)


def _digest(text: str, packages: Packages, programs: Iterable[Program], files: Files) -> str:
    """Stands for all that runs depend on: evidence of another digest is stale.

    Variants are not in it.
    """
    digest = hashlib.sha256(text.encode())
    for pin in packages.pins:
        digest.update(f"\0{pin}".encode())
    if packages.extension:
        digest.update(f"\0{files.text(LIBRARY)}".encode())
    for program in programs:
        digest.update(f"\0{program.path}\0{files.text(program.path)}".encode())
    return _shortened(digest)


def _shortened(digest: hashlib._Hash) -> str:
    return digest.hexdigest()[:16]
