"""The record of runs in words, in lines of styled text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from harness.judging.freedom import AllowedCount
from harness.record.reading import Evidence, Summary
from harness.record.statistics import expected_distinct, frequency_classes
from harness.reports.styled import BAD, FAINT, GOOD, PLAIN, STRONG, TextLine
from harness.values.words import count_of, visible

_BAR = 40
_MOST_OUTCOMES = 12


def title_of(evidence: Evidence) -> str:
    """``life-cycle/spawn · rust · stable (1.95.0)``, with the program if it is not main."""
    subject = evidence.subject
    program = "" if subject.program == "main" else f" {subject.program}"
    return (
        f"{subject.example} · {subject.side.value}{program} · "
        f"{subject.toolchain} ({subject.version})"
    )


def table_lines(rows: Sequence[tuple[Evidence, AllowedCount]]) -> Iterator[TextLine]:
    """Each subject, and below it its numbers, with that of the interleavings that are allowed."""
    heads = f"{'runs':>10} {'plain':>9} {'violated':>9} {'below':>8} {'seen':>8} {'of':>14}"
    yield ((FAINT, f"{heads} {'next is new':>12}"),)
    for evidence, allowed in rows:
        total = evidence.total
        yield ((STRONG, title_of(evidence)),)
        yield (
            (PLAIN, f"{total.runs:>10,} {evidence.plain.runs:>9,} "),
            (BAD if total.violations else GOOD, f"{total.violations:>9,} "),
            (PLAIN, f"{percent(total.rate_bound):>8} {total.distinct:>8,} {allowed.short:>14} "),
            (PLAIN, f"{_chance_of_new(total):>12}"),
        )


def detail_lines(evidence: Evidence, allowed: AllowedCount) -> Iterator[TextLine]:
    """Everything that is known of one subject."""
    total = evidence.total
    yield ((STRONG, title_of(evidence)),)
    yield _violation_line(total, evidence.plain)
    yield from _interleaving_lines(total, evidence.plain, allowed)
    yield ()
    yield from _strategy_lines(evidence.strategies)
    yield ()
    yield from histogram_lines(total.interleavings.values())
    yield from _outcome_lines(evidence)
    yield ()


def _violation_line(total: Summary, plain: Summary) -> TextLine:
    """How many runs broke something, and how high the rate of that may be."""
    found = (
        (BAD, count_of(total.violations, "violation"))
        if total.violations
        else (GOOD, "no violation")
    )
    rest = f": the rate of violations is below {percent(total.rate_bound)} (95 % sure)"
    runs = f"  {count_of(total.runs, 'run')}, {plain.runs:,} of them plain, "
    return (PLAIN, runs), found, (PLAIN, rest)


def _interleaving_lines(
    total: Summary, plain: Summary, allowed: AllowedCount
) -> Iterator[TextLine]:
    """How many interleavings were seen, are allowed, and may still be seen."""
    seen = f"{count_of(total.distinct, 'interleaving')} seen, {plain.distinct:,} in plain runs"
    more = f", and {count_of(total.uncounted, 'run')} more not told apart" * bool(total.uncounted)
    yield ((PLAIN, f"  {seen}{more}; the properties allow {allowed}"),)
    if allowed.exact is not None and allowed.exact > 1:
        uniform = expected_distinct(allowed.exact, total.runs)
        text = f"  so many runs, each chosen uniformly among those, would show {uniform:,.0f}"
        yield ((FAINT, text),)
    unseen = f"at least {total.likely_unseen:,.0f} more to be seen (Chao1)"
    new = f"the next run shows a new one with probability {_chance_of_new(total)}"
    new += "" if total.chance_of_new else " (95 % sure)"
    yield ((PLAIN, f"  {new}; {unseen}"),)


def _strategy_lines(strategies: Mapping[str, Summary]) -> Iterator[TextLine]:
    width = max(map(len, ("strategy", *strategies)))
    head = f"  {'strategy':<{width}} {'runs':>9} {'violated':>9} {'below':>8} {'seen':>8}"
    yield ((FAINT, f"{head} {'next is new':>12} {'ms a run':>9}"),)
    for name, summary in strategies.items():
        yield (
            (PLAIN, f"  {name:<{width}} {summary.runs:>9,} "),
            (BAD if summary.violations else PLAIN, f"{summary.violations:>9,} "),
            (PLAIN, f"{percent(summary.rate_bound):>8} {summary.distinct:>8,} "),
            (PLAIN, f"{_chance_of_new(summary):>12} "),
            (FAINT, f"{1000 * summary.seconds / summary.runs:>9.1f}"),
        )


def histogram_lines(counts: Iterable[int]) -> Iterator[TextLine]:
    """How many interleavings came once, twice, three or four times, …, as bars."""
    classes = frequency_classes(counts)
    if not classes:
        return
    labels = [_often(least, most) for least, most, _ in classes]
    width = max(map(len, labels))
    longest = max(number for _, _, number in classes)
    yield (
        (
            FAINT,
            "  how often an interleaving came in all runs, steered ones too, and how many so often",
        ),
    )
    for label, (_, _, number) in zip(labels, classes, strict=True):
        bar = "█" * -(-number * _BAR // longest)
        yield ((FAINT, f"  {label:>{width}} "), (PLAIN, f"{bar:<{_BAR}} {number:,}"))


def _often(least: int, most: int) -> str:
    match least, most:
        case 1, 1:
            return "once"
        case 2, 2:
            return "twice"
        case _:
            return f"{least:,} to {most:,}"


def _outcome_lines(evidence: Evidence) -> Iterator[TextLine]:
    """What came how often: in plain runs, and in those whose schedule was chosen."""
    total, plain = evidence.total, evidence.plain
    tables = [
        (f"outcomes of {name}", counts, plain.outcomes.get(name, {}))
        for name, counts in total.outcomes.items()
    ]
    if len(total.endings) > 1:
        tables.append(("endings", total.endings, plain.endings))
    if total.broke:
        tables.append(("runs that violated", total.broke, plain.broke))
    if total.unconfirmed:
        title = "runs that violated, and do not count"
        tables.append((title, total.unconfirmed, plain.unconfirmed))
    if total.loose:
        tables.append(("runs that were loosely controlled", total.loose, plain.loose))
    for title, counts, natural in tables:
        yield ()
        yield ((FAINT, f"  {title}: in {count_of(plain.runs, 'plain run')}, in all others"),)
        yield from _counted_lines(counts, natural)


def _counted_lines(counts: Mapping[str, int], natural: Mapping[str, int]) -> Iterator[TextLine]:
    common = sorted(counts.items(), key=lambda pair: -pair[1])
    for text, count in common[:_MOST_OUTCOMES]:
        own = natural.get(text, 0)
        yield ((PLAIN, f"  {own:>9,} {count - own:>9,} × {visible(text)}"),)
    if len(common) > _MOST_OUTCOMES:
        yield ((FAINT, f"  {'':>19}   and {len(common) - _MOST_OUTCOMES} rarer ones"),)


def _chance_of_new(summary: Summary) -> str:
    """An estimate; where that comes to nought, a bound: nought is never known."""
    if summary.chance_of_new:
        return percent(summary.chance_of_new)
    return f"≤ {percent(summary.new_bound)}"


def percent(share: float) -> str:
    """``12.3 %``, ``0.015 %``: three digits that say something, and no more."""
    value = 100 * share
    if value == 0 or value >= 100:
        return f"{value:.0f} %"
    decimals = 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{decimals}f} %" if value >= 0.001 else "<0.001 %"
