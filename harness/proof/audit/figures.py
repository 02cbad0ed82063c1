"""The figures of an audit: as JSON that stays equal while nothing changes, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.proof.audit.results import AuditReport, ControlOutcome, ExampleAudit
from harness.values.words import count_of

_COUNTED = (
    "controls",
    "controls_broken",
    "controls_skipped",
    "properties",
    "properties_by_control",
    "properties_explained",
    "properties_vacuous",
    "properties_elsewhere",
    "mutants",
    "mutants_killed",
    "mutants_explained",
    "mutants_equivalent",
    "reinterleavings",
    "reinterleavings_refused",
)


_HEAD = (
    "example",
    "controls that break what they name",
    "properties that a control breaks",
    "explained",
    "mutated traces refused",
    "excused",
    "score",
)


def figures_of(report: AuditReport) -> dict[str, Any]:
    """The figures of each example and of all together, ready for JSON; sorted by name."""
    rows = [_example_figures(example) for example in report.examples]
    examples = sorted(rows, key=lambda row: str(row["example"]))
    return {"examples": examples, "corpus": _total(examples)}


def _example_figures(example: ExampleAudit) -> dict[str, Any]:
    """The figures of one example, for JSON; ``digest`` tells whether its files are still those."""
    tried = [c for c in example.controls if c.outcome is not ControlOutcome.SKIPPED]
    properties = [p for p in example.properties if p.applies]
    unkilled = [p for p in properties if not p.controls]
    real = [m.mutants - m.equivalent for m in example.mutations]
    refused = [f for f in example.findings if f.fault.value == "over-tight"]
    return {
        "example": example.example,
        "digest": example.digest,
        "controls": len(tried),
        "controls_broken": sum(c.outcome is ControlOutcome.BROKEN for c in tried),
        "controls_skipped": len(example.controls) - len(tried),
        "properties": len(properties),
        "properties_by_control": len(properties) - len(unkilled),
        "properties_explained": sum(p.is_explained for p in properties),
        "properties_vacuous": sum(p.is_vacuous for p in properties),
        "properties_elsewhere": len(example.properties) - len(properties),
        "mutants": sum(real),
        "mutants_killed": sum(m.killed for m in example.mutations),
        "mutants_explained": sum(m.survived for m in example.mutations if m.excuse),
        "mutants_equivalent": sum(m.equivalent for m in example.mutations),
        "reinterleavings": sum(f.tried for f in example.freedom),
        "reinterleavings_refused": len(refused),
        "interleavings": [
            {
                "side": f.side.value,
                "program": f.program,
                "seen": f.seen,
                "sampled": f.sampled,
                "allowed": f.allowed,
                "said": f.said,
            }
            for f in example.freedom
        ],
    }


def _total(examples: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    rows = list(examples)
    return {key: sum(int(row[key]) for row in rows) for key in _COUNTED}


def percent(part: int, whole: int) -> str:
    """``99.6 %``; never rounded up to 100."""
    if not whole:
        return "-"
    if part == whole:
        return "100 %"
    return f"{min(99.9, round(100 * part / whole, 1)):.1f} %"


def markdown_of(figures: Mapping[str, Any]) -> str:
    """The table for people, from the JSON figures."""
    rows = [_row(f"`{row['example']}`", row) for row in figures["examples"]]
    rows.append(_row("**all**", figures["corpus"]))
    rule = ("---", *["---:"] * (len(_HEAD) - 1))
    return "\n".join(map(_line, (_HEAD, rule, *rows))) + "\n"


def summary_of(figures: Mapping[str, Any]) -> str:
    """The figures of the whole corpus in some sentences."""
    total = figures["corpus"]
    by_control = total["properties_by_control"]
    unkilled = total["properties"] - by_control
    out = elsewhere(total)
    left_out = f" Not looked at, since they are for other toolchains only: {out}." if out else ""
    return (
        f"Of {total['controls']:,} controls, {total['controls_broken']:,} break all that "
        f"they name. Of {total['properties']:,} properties, {by_control:,} are broken by a "
        f"control; of the other {unkilled:,}, {total['properties_explained']:,} say why none can, "
        f"and {total['properties_vacuous']:,} are vacuous. "
        f"Of {total['mutants']:,} mutated traces, {total['mutants_killed']:,} are refused "
        f"({percent(total['mutants_killed'], total['mutants'])}); "
        f"{total['mutants_equivalent']:,} more are excused, since what they say is allowed. Of "
        f"{total['reinterleavings']:,} reinterleavings that the declared order allows, "
        f"{total['reinterleavings_refused']:,} are refused.{left_out}"
    )


def elsewhere(total: Mapping[str, int]) -> str:
    """What these toolchains left out, such as "1 property and 2 controls"; empty if nothing."""
    numbers = {"property": total["properties_elsewhere"], "control": total["controls_skipped"]}
    return " and ".join(count_of(number, what) for what, number in numbers.items() if number)


def _row(name: str, row: Mapping[str, Any]) -> Sequence[str]:
    return (
        name,
        f"{row['controls_broken']} of {row['controls']}",
        f"{row['properties_by_control']} of {row['properties']}",
        str(row["properties_explained"]),
        f"{row['mutants_killed']} of {row['mutants']}",
        str(row["mutants_equivalent"]),
        percent(row["mutants_killed"], row["mutants"]),
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
