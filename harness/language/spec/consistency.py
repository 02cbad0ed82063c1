"""What the declarations of a spec say together: contradictions, and things left unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from harness.language.declarations import Property, Spec
from harness.language.patterns import Pattern, overlap
from harness.language.spec.files import Files
from harness.language.spec.orders import check_orders
from harness.language.tables import Source
from harness.values.program import EventSpec, Program, Side


def check_consistency(
    spec: Spec, source: Source, patterns: Mapping[str, Pattern], files: Files
) -> None:
    """Raise SpecError for the first thing in ``spec`` that does not fit the rest of it."""
    _check_patterns(spec, source, patterns)
    _check_coverage(spec, source)
    _check_bound(spec, source)
    _check_endless(spec, source)
    check_orders(spec, source, patterns)
    for prop in spec.properties:
        if prop.family == "compile-error":
            _check_refusal(spec, source, f"{prop.key}.compile-error", prop, files)


def _check_patterns(spec: Spec, source: Source, patterns: Mapping[str, Pattern]) -> None:
    """No line may be of two events; stdout and stderr are apart."""
    for one, other in combinations(spec.events, 2):
        if one.stream != other.stream:
            continue
        line = overlap(patterns[one.name], patterns[other.name])
        if line is not None:
            raise source.fault(
                f"events.{other.name}",
                f'a line may match only one event, yet "{line}" matches both '
                f'"{one.name}" and "{other.name}"{_way_out(one, other)}',
            )


_TEXT_FIELD = re.compile(r"\{(\w+)(?::w)?\}")


def _way_out(*events: EventSpec) -> str:
    """What keeps two events apart, where a field of one may be any text."""
    names = ((name, event) for event in events for name in _TEXT_FIELD.findall(event.pattern))
    field = next((name for name, event in names if name not in event.words), "")
    example = f'words = {{ {field} = ["…", "…"] }}'
    return f'; say what "{field}" may be ({example}), or have the lines differ' if field else ""


def _check_coverage(spec: Spec, source: Source) -> None:
    """Every program is spoken of."""
    for program in spec.programs:
        if not any(prop.covers(program) and prop.rule.judges(program) for prop in spec.properties):
            raise source.fault(
                f"programs.{program.name}.{program.side.value}",
                f"no property says anything of {program.path}",
            )


def _check_bound(spec: Spec, source: Source) -> None:
    """Each event has to be spoken of: its lines could come as often as they like."""
    bound = {s.event for prop in spec.properties for s in prop.rule.selectors()}
    for event in spec.events:
        if event.name not in bound:
            raise source.fault(
                f"events.{event.name}", f'no property speaks of "{event.name}": bind it or drop it'
            )


_SO_FAR = {
    "count": 'say "at-most"',
    "values": 'say "prefix-of" or "among"',
    "sections": "say left = false",
}
"""How what is said of an end is said of what came so far."""


def _check_endless(spec: Spec, source: Source) -> None:
    """Nothing is said of a program that never ends that only its end could show."""
    for program in spec.programs:
        props = [p for p in spec.properties if p.covers(program) and p.rule.judges(program)]
        endless = [p for p in props if p.rule.enough_lines is not None]
        for prop in props:
            if endless and (prop.rule.needs_the_end or len(endless) > 1):
                hint = _SO_FAR.get(prop.family, "drop it")
                raise source.fault(
                    f"{prop.key}.{prop.family}",
                    f'{program.path} never ends, says "{endless[0].name}": '
                    f"what only an end can show cannot hold of it; {hint}",
                )


# --- programs that the compiler refuses -----------------------------------------


def _check_refusal(spec: Spec, source: Source, key: str, prop: Property, files: Files) -> None:
    """A refused program has a twin that is not, and the places that are named are in its text."""
    for mended in prop.rule.mended_programs:
        twin = spec.program(Side.RUST, mended)
        if twin is None or spec.is_refused(twin):
            raise source.fault(
                f"{key}.mended", f'expected a Rust program that compiles, found "{mended}"'
            )
    for program in spec.programs:
        if prop.covers(program):
            _check_places(source, key, prop, program, files.text(program.path) or "")


def _check_places(source: Source, key: str, prop: Property, program: Program, text: str) -> None:
    """Each text by which a place is named has to mean one line."""
    for at, nth in prop.rule.source_texts:
        count = sum(at in line for line in text.split("\n"))
        if count != 1 and not (nth and count >= nth):
            wanted = f"at least {nth} lines" if nth else "exactly one line"
            hint = "" if nth or not count else '; give "nth" to say which'
            raise source.fault(
                f"{key}.at",
                f"expected a text that stands on {wanted} of {program.path}, "
                f"found {at!r} on {count}{hint}",
            )
