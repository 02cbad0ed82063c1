"""An audit put into words, in lines of styled text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from textwrap import wrap
from typing import Any

from harness.proof.audit.figures import elsewhere, figures_of, percent
from harness.proof.audit.results import (
    FAULT_MEANINGS,
    AuditFinding,
    AuditReport,
    ControlOutcome,
    ControlResult,
    ExampleAudit,
    Fault,
    MutationResult,
    PropertyAudit,
)
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, UNSURE, TextLine
from harness.values.words import count_of, visible

WIDTH = 80
"""Columns that every terminal has."""

_CONTROL_STYLES = {
    ControlOutcome.BROKEN: GOOD,
    ControlOutcome.UNBROKEN: BAD,
    ControlOutcome.INSTEAD: BAD,
    ControlOutcome.ERRORED: BAD,
    ControlOutcome.SKIPPED: UNSURE,
}


def example_line(example: ExampleAudit, width: int = 27) -> TextLine:
    """One example on one line; how long it took is told where there is room."""
    row = figures_of(AuditReport(examples=(example,)))["examples"][0]
    style, word = (BAD, "FAILED") if example.findings else (GOOD, "PASSED")
    pieces = (
        (style, f"{word:<7} "),
        (STRONG, f"{example.example:<{width}} "),
        (PLAIN, _numbers(row)),
        (FAINT, f", {example.seconds:.1f} s"),
    )
    has_room = sum(len(piece) for _, piece in pieces) <= WIDTH
    return pieces if has_room else pieces[:-1]


def _numbers(row: dict[str, Any]) -> str:
    return (
        f"controls {row['controls_broken']}/{row['controls']}, "
        f"properties {row['properties_by_control']}/{row['properties']}, "
        f"traces {row['mutants_killed']}/{row['mutants']}"
    )


def detail_lines(example: ExampleAudit) -> Iterator[TextLine]:
    """What each control broke, what kills each property, and what was explained."""
    for control in example.controls:
        yield _control_line(control)
    for prop in example.properties:
        yield _property_line(prop)
    for mutation in example.mutations:
        if mutation.survived and mutation.excuse:
            yield _explained_line(mutation)
    yield from _excused_lines(example.mutations)
    for freedom in example.freedom:
        runs = count_of(freedom.sampled, "sampled run")
        seen = f"{count_of(freedom.seen, 'interleaving')} in {runs}, of {freedom.said}"
        legal = f"{count_of(freedom.tried, 'legal reinterleaving')} judged"
        yield ((FAINT, f"    {freedom.side.value} {freedom.program}: {seen}; {legal}"),)


def _control_line(control: ControlResult) -> TextLine:
    """A control: what came of it, and what it broke beside what it names."""
    extra = [name for name in control.broken if name not in control.named]
    also = f"; also {', '.join(extra)}" if extra else ""
    said = control.detail or f"{', '.join(control.named)}{also}"
    return (
        (_CONTROL_STYLES[control.outcome], f"    {control.outcome.value:<12} "),
        (PLAIN, f"{control.side.value:<6} {visible(control.name)}"),
        (FAINT, f"  ({count_of(control.runs, 'run')}: {visible(said)})"),
    )


def _property_line(prop: PropertyAudit) -> TextLine:
    """A property: what killed it, or why nothing did."""
    if not prop.applies:
        return ((UNSURE, "    not here     "), (PLAIN, prop.name))
    style, word = _standing(prop)
    by = f"{count_of(len(prop.controls), 'control')}, {count_of(prop.mutants, 'mutated trace')}"
    reason = f"; {prop.reason}" if prop.reason else ""
    reason += "; no run showed it this time" if prop.is_unlucky else ""
    return ((style, f"    {word:<12} "), (PLAIN, prop.name), (FAINT, f"  ({by}{reason})"))


def _standing(prop: PropertyAudit) -> tuple[str, str]:
    """How it stands with a property: its style and its word."""
    if prop.controls:
        return GOOD, "broken"
    if prop.is_vacuous:
        return BAD, "vacuous"
    return UNSURE, "explained" if prop.is_explained else "uncontrolled"


def _explained_line(mutation: MutationResult) -> TextLine:
    return (
        (UNSURE, "    accepted     "),
        (PLAIN, f"{mutation.side.value:<6} {mutation.program}: {mutation.name}"),
        (FAINT, f"  ({mutation.survived} of {mutation.mutants}: {mutation.excuse})"),
    )


def _excused_lines(mutations: Iterable[MutationResult]) -> Iterator[TextLine]:
    """The mutants that were accepted as the spec allows it, by program and by what allows them."""
    excused: dict[tuple[str, str], Counter[str]] = {}
    for mutation in mutations:
        for excuse, times in mutation.allowed.items():
            program = f"{mutation.side.value:<6} {mutation.program}"
            excused.setdefault((program, excuse), Counter())[mutation.name] += times
    for (program, excuse), names in excused.items():
        number = count_of(names.total(), "mutated trace")
        which = ", ".join(f"{name} {times}" for name, times in names.items())
        yield (
            (UNSURE, "    excused      "),
            (PLAIN, f"{program}: {number}: {visible(excuse)}"),
            (FAINT, f"  ({visible(which)})"),
        )


def finding_lines(report: AuditReport) -> Iterator[TextLine]:
    """Everything that is weak, by kind, each kind with what to do."""
    order = list(FAULT_MEANINGS)
    findings = sorted(report.findings, key=lambda f: (order.index(f.fault), f.example))
    for fault, group in groupby(findings, lambda f: f.fault):
        found = list(group)
        yield ()
        title = f"{fault.value.upper()} ({len(found)})"
        yield ((BAD, title),)
        yield from _wrapped(FAINT, FAULT_MEANINGS[fault], "  ", "  ")
        shown: set[tuple[str, object, str]] = set()
        for finding in found:
            kind = (finding.example, finding.side, finding.subject.partition(" ")[0])
            is_another = finding.fault is Fault.SURVIVOR and kind in shown
            shown.add(kind)
            yield from _finding_lines(finding, () if is_another else finding.details)


def _finding_lines(finding: AuditFinding, details: Iterable[str]) -> Iterator[TextLine]:
    """One finding. Of mutants of one kind (``drop …``) one example is enough to see what is meant.

    Of the others only the name is told.
    """
    side = f" ({finding.side.value})" if finding.side else ""
    place = f"  {finding.file}:{finding.line}" if finding.line else ""
    yield ((STRONG, f"  {finding.example}{side}: {visible(finding.subject)}"), (FAINT, place))
    yield from _wrapped(PLAIN, visible(finding.message), "      ", "      ")
    for detail in details:
        for line in visible(detail).split("\n"):
            yield ((FAINT, f"      {line}"),)


def note_lines(report: AuditReport) -> Iterator[TextLine]:
    """What is no fault, and may be the trace of one."""
    for example in report.examples:
        for order in example.open_orders:
            of = f" {order.program}" if order.program != "main" else ""
            yield ((UNSURE, "note: "), (STRONG, f"{example.example} ({order.side.value}{of}):"))
            said = f"the spec leaves open an order that never varied in {order.runs} runs: "
            yield from _wrapped(PLAIN, f"{said}{order.earlier} before {order.later}", "  ", "  ")


def _wrapped(style: str, words: str, first: str, rest: str) -> Iterator[TextLine]:
    """The words in lines that fit on any terminal."""
    for line in wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest):
        yield ((style, line),)


def summary_lines(report: AuditReport) -> Iterable[TextLine]:
    """The whole audit at a glance."""
    total = figures_of(report)["corpus"]
    failed = sum(bool(example.findings) for example in report.examples)
    style, text = (BAD, f"{failed} failed") if failed else (GOOD, "all passed")
    yield ()
    if report.examples:
        yield ((style, f"{count_of(len(report.examples), 'example')}, {text}"),)
    else:
        yield ((UNSURE, "nothing was audited, so nothing is shown"),)
    for example, reason in report.left_out.items():
        yield ((UNSURE, "  not audited: "), (PLAIN, f"{example}: {reason}"))
    if not report.examples:
        return
    for sentence in _totals(total):
        yield from _wrapped(PLAIN, sentence, "  ", "    ")
    yield ((FAINT, f"  {report.seconds:.1f} s (cargo {report.build_seconds:.1f} s)"),)


def _totals(total: Mapping[str, int]) -> Iterator[str]:
    """The last lines of a report: what was counted over all examples."""
    controls = count_of(total["controls"], "control")
    yield f"{total['controls_broken']} of {controls} break what they name"
    yield (
        f"{total['properties_by_control']} of {count_of(total['properties'], 'property')} "
        f"are broken by a control; {total['properties_explained']} more explained, "
        f"{total['properties_vacuous']} vacuous"
    )
    mutants = count_of(total["mutants"], "mutated trace")
    yield (
        f"{total['mutants_killed']:,} of {mutants} are refused "
        f"({percent(total['mutants_killed'], total['mutants'])}); "
        f"{total['mutants_explained']} more explained; "
        f"{total['mutants_equivalent']} others excused, since they say what the spec allows"
    )
    legal = count_of(total["reinterleavings"], "legal reinterleaving")
    yield f"{total['reinterleavings_refused']} of {legal} refused"
    if left_out := elsewhere(total):
        yield f"not looked at, for other toolchains or the other side only: {left_out}"
