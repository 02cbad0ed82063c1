"""How verdicts and whole reports are put into words, in lines of styled text.

Every reporter that writes text for people starts from these lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.reports.findings import finding_lines
from harness.reports.styled import (
    BAD,
    FAINT,
    GOOD,
    PLAIN,
    STRONG,
    UNSURE,
    Piece,
    TextLine,
    width_of,
)
from harness.values.counts import steered_among
from harness.values.report import Observation, Outcome, Report, Verdict
from harness.values.words import count_of, shortened

OUTCOME_STYLES = {
    Outcome.PASSED: GOOD,
    Outcome.FAILED: BAD,
    Outcome.TIMED_OUT: BAD,
    Outcome.ERRORED: BAD,
    Outcome.SKIPPED: UNSURE,
    Outcome.INCONCLUSIVE: UNSURE,
}


def verdict_line(verdict: Verdict, width: int = 0, columns: int = 0) -> TextLine:
    """One verdict on one line; ``width`` is that of the column of names.

    In so many ``columns`` the numbers are told shortly, if they have no room.
    """
    style = OUTCOME_STYLES[verdict.outcome]
    pieces = [
        (style, f"{verdict.outcome.value:<12} "),
        (STRONG, f"{verdict.example:<{width}}  "),
        (PLAIN, f"{verdict.side.value:<6} {verdict.toolchain:<9} "),
        (FAINT, _numbers_of(verdict)),
    ]
    if columns and sum(width_of(piece) for _, piece in pieces) > columns:
        pieces[-1] = (FAINT, _short_numbers_of(verdict))
    if proof := proof_of(verdict):
        room = columns - sum(width_of(piece) for _, piece in pieces)
        has_room = not columns or len(proof) + 2 <= room
        pieces.append((GOOD, f"; {proof if has_room else 'proved'}"))
    if verdict.reason:
        pieces.append((UNSURE, f"  {shortened(verdict.reason)}"))
    return tuple(pieces)


def _numbers_of(verdict: Verdict) -> str:
    """How much a verdict rests on: runs and interleavings, or properties where nothing is run."""
    if not verdict.runs:
        held = sum(result.status == "held" for result in verdict.properties)
        return f"{count_of(held, 'property')}, nothing to run" if held else ""
    torn = f", {count_of(verdict.torn_lines, 'torn line')}" if verdict.torn_lines else ""
    return f"{_runs_of(verdict)}{torn}"


def _short_numbers_of(verdict: Verdict) -> str:
    """``25 + 10 runs``: the plain ones and the steered; how many orders they showed is left out."""
    steered = steered_among(verdict.runs, verdict.plain_runs)
    if not steered or not verdict.plain_runs:
        return _numbers_of(verdict).partition(",")[0]
    return f"{verdict.plain_runs} + {count_of(steered, 'run')}"


def proof_of(verdict: Verdict) -> str:
    """``proved over all 35 traces (hand-overs; up to 23 steps)``; empty if it is not."""
    if not verdict.is_proved:
        return ""
    traces = sum(each.traces for each in verdict.searched)
    every = f"all {count_of(traces, 'trace')}" if traces > 1 else "the only trace there is"
    of = f" of {len(verdict.searched)} programs" if len(verdict.searched) > 1 else ""
    over = dict.fromkeys(kind for each in verdict.searched for kind in each.over)
    steps = count_of(max(each.steps for each in verdict.searched), "step")
    untold = all(each.lines_commute for each in verdict.searched)
    lines = "; lines in any order" if untold else ""
    return f"proved over {every}{of} ({', '.join(over)}; up to {steps}{lines})"


def _runs_of(verdict: Verdict) -> str:
    """``20 runs, 2 interleavings; 40 steered, 5``: what is steered is never told as natural."""
    steered = steered_among(verdict.runs, verdict.plain_runs)
    if not steered:
        ways = count_of(verdict.interleavings, "interleaving")
        return f"{count_of(verdict.runs, 'run')}, {ways}"
    ways = count_of(verdict.steered_interleavings, "interleaving")
    if not verdict.plain_runs:
        return f"{count_of(steered, 'steered run')}, {ways}"
    natural = count_of(verdict.plain_interleavings, "interleaving")
    return (
        f"{count_of(verdict.plain_runs, 'plain run')}, {natural}; "
        f"{steered:,} steered, {verdict.steered_interleavings:,}"
    )


def observation_lines(verdict: Verdict) -> Iterator[TextLine]:
    """The table of observed outcomes, for each property that grades them."""
    for name in dict.fromkeys(seen.property for seen in verdict.observations):
        table = [seen for seen in verdict.observations if seen.property == name]
        apart = any(seen.plain not in (None, seen.count) for seen in table)
        how = " in plain runs, and in steered ones" if apart else ""
        yield ((FAINT, f"  {name}: observed{how}"),)
        for seen in table:
            outcome = shortened(seen.outcome, 60)
            text = f"    {_times(seen, apart=apart)}  {outcome:<24} {seen.grade:<12} "
            yield ((PLAIN, text), (FAINT, shortened(seen.why)))
        yield ()


def _times(seen: Observation, *, apart: bool) -> str:
    """How often an outcome came; ``apart``: in plain runs and in others."""
    if not apart or seen.plain is None:
        return f"{seen.count:>7,} ×"
    return f"{seen.plain:>7,} × {seen.count - seen.plain:>7,} ×"


def explanation_lines(verdict: Verdict, columns: int = 0) -> Iterator[TextLine]:
    """Why a side did not pass: its findings, those that do not count, and what was observed.

    ``columns``: how many there are, if not as many as it takes.
    """
    if not (verdict.findings or verdict.unconfirmed):
        return
    title = f"{verdict.example} · {verdict.side.value} · {verdict.toolchain}"
    yield ((OUTCOME_STYLES[verdict.outcome], verdict.outcome.value), (STRONG, f" {title}"))
    yield ()
    for finding in (*verdict.findings, *verdict.unconfirmed):
        yield from finding_lines(verdict, finding, columns)
    yield from observation_lines(verdict)


def summary_lines(report: Report) -> Iterator[TextLine]:
    """The whole report at a glance."""
    yield tuple(_outcome_pieces(report))
    verdicts = report.verdicts
    examples = len({verdict.example for verdict in verdicts})
    checks = len({(v.example, r.name) for v in verdicts for r in v.properties})
    proved = sum(verdict.is_proved for verdict in verdicts)
    numbers = (
        count_of(examples, "example"),
        f"{count_of(len(verdicts), 'side')}{f', {proved} proved' if proved else ''}",
        count_of(checks, "property"),
        *_all_runs(verdicts),
        f"{report.seconds:.1f} s (cargo {report.build_seconds:.1f} s)",
    )
    yield ((FAINT, " · ".join(numbers)),)


def _all_runs(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Runs and interleavings of all; of plain runs and of steered ones apart, if there are both."""
    verdicts = tuple(verdicts)
    runs = sum(v.runs for v in verdicts)
    steered = sum(steered_among(v.runs, v.plain_runs) for v in verdicts)
    if not steered:
        yield count_of(runs, "run")
        yield count_of(sum(v.interleavings for v in verdicts), "distinct interleaving")
        return
    natural = sum(v.plain_interleavings for v in verdicts)
    if runs > steered:
        yield count_of(runs - steered, "plain run")
        yield count_of(natural, "distinct interleaving")
    yield count_of(steered, "steered run")
    yield count_of(sum(v.steered_interleavings for v in verdicts), "distinct interleaving")


def _outcome_pieces(report: Report) -> Iterator[Piece]:
    """How many verdicts there are of each outcome that there is."""
    separator = ""
    for outcome in Outcome:
        count = report.count(outcome)
        if count:
            words = outcome.value.lower().replace("_", " ")
            yield (OUTCOME_STYLES[outcome], f"{separator}{count} {words}")
            separator = ", "
    if not report.verdicts:
        yield (UNSURE, "nothing was verified")
