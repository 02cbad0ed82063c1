"""How one finding is put into words: what is wrong, the lines that show it, who ran when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.language.declarations import BREAKS_FILE, SPEC_FILE
from harness.reports.styled import AGAIN, BAD, FAINT, MARK, PLAIN, STRONG, UNSURE, TextLine
from harness.values.counts import steered_among
from harness.values.finding import Excerpt, Finding, LaneRow, Line
from harness.values.report import Verdict
from harness.values.run import TaskName, thread_name
from harness.values.words import count_of, shortened, visible

UNCONFIRMED = "unconfirmed"
"""What is said of a finding that does not count."""

MAX_FOUND_LINES = 20
"""Lines of an ``expected`` or ``found`` text that are shown."""


def finding_lines(verdict: Verdict, finding: Finding, columns: int = 0) -> Iterator[TextLine]:
    """Everything that is known of one finding."""
    yield _title(finding, is_counted=finding not in verdict.unconfirmed)
    yield ((FAINT, f"    {shortened(finding.why)}"),)
    yield (
        (PLAIN, f"    {shortened(finding.violation.message)}"),
        (FAINT, _how_often(verdict, finding)),
    )
    yield from _side_by_side(finding)
    if finding.excerpt.lines:
        yield ()
        yield from excerpt_lines(finding.excerpt)
    if finding.nearest:
        yield ((FAINT, f"      {shortened(finding.nearest)}"),)
    if finding.lanes or finding.switches is not None:
        yield ()
        yield from lane_lines(finding, columns)
    if finding.scope:
        yield ((FAINT, f"    {finding.scope}"),)
    yield from _doubt_lines(finding)
    if finding.reproduce:
        yield ()
        yield ((FAINT, f"    {AGAIN}  "), (STRONG, finding.reproduce))
    yield ()


def _title(finding: Finding, *, is_counted: bool) -> TextLine:
    """The line above a finding: its property, where that is declared, and whether it counts."""
    in_breaks = finding.place is not None and finding.place.file == BREAKS_FILE
    place = f"{SPEC_FILE}:{finding.line}" if finding.line else in_breaks and finding.place
    where = f"  ({place})" if place else ""
    program = f"  program {finding.program}" if finding.program != "main" else ""
    name = (BAD if is_counted else UNSURE, f"  {finding.property}")
    label = () if is_counted else ((UNSURE, f"  {UNCONFIRMED}"),)
    return (name, *label, (FAINT, f"{where}{program}"))


def _doubt_lines(finding: Finding) -> Iterator[TextLine]:
    """Why the run does not count by itself, and what plain runs showed."""
    for doubt in finding.doubts:
        yield ((UNSURE, f"    {shortened(doubt)}"),)
    if finding.confirmation:
        yield ((UNSURE, f"    {shortened(finding.confirmation)}"),)


def _how_often(verdict: Verdict, finding: Finding) -> str:
    """In how many of its own program's runs: those of the twins say nothing of it."""
    if finding.run_index is None:
        return ""
    return f"  [in {_share_of(verdict, finding)}, first under {finding.schedule}]"


def _share_of(verdict: Verdict, finding: Finding) -> str:
    """``3 of 20 runs``, or ``0 of 20 plain runs and 3 of 40 steered ones``."""
    runs = finding.runs or verdict.runs
    steered = steered_among(runs, finding.plain_runs)
    if not steered:
        return f"{finding.occurrences} of {count_of(runs, 'run')}"
    if not finding.plain_runs:
        return f"{finding.occurrences} of {count_of(steered, 'steered run')}"
    others = finding.occurrences - finding.plain_occurrences
    return (
        f"{finding.plain_occurrences} of {count_of(finding.plain_runs, 'plain run')} "
        f"and {others} of {count_of(steered, 'steered one')}"
    )


def _side_by_side(finding: Finding) -> Iterator[TextLine]:
    """What was expected above what was found, as far as a reader gets."""
    for label, text in (
        ("expected", finding.violation.expected),
        ("found", finding.violation.found),
    ):
        shown = text.split("\n") if text else []
        for index, line in enumerate(shown[:MAX_FOUND_LINES]):
            yield ((FAINT, f"      {label if index == 0 else '':<9} "), (PLAIN, shortened(line)))
        if len(shown) > MAX_FOUND_LINES:
            yield ((FAINT, f"{'':16}… {len(shown) - MAX_FOUND_LINES} more lines"),)


def excerpt_lines(excerpt: Excerpt) -> Iterator[TextLine]:
    """The numbered trace, each line with its event, the offending ones marked."""
    notes = {
        line: "; ".join(mark.note for mark in excerpt.marks if mark.line == line)
        for line in {mark.line for mark in excerpt.marks}
    }
    events = max((len(line.event or "?") for line in excerpt.lines), default=0)
    texts = min(44, max((len(shortened(line.text)) for line in excerpt.lines), default=0))
    digits = len(str(excerpt.total))
    before = 0
    for line in excerpt.lines:
        if line.number > before + 1:
            yield ((FAINT, f"      {'':{digits}} ┆"),)
        yield _excerpt_line(line, digits, events, texts, notes.get(line.number))
        before = line.number
    if before < excerpt.total:
        yield ((FAINT, f"      {'':{digits}} ┆ {excerpt.total} lines in all"),)


def _excerpt_line(line: Line, digits: int, events: int, texts: int, note: str | None) -> TextLine:
    """A line of a trace with its number and event; a note begins where the longest text ends."""
    style = MARK if note is not None else PLAIN
    pieces = [
        (FAINT, f"    {'▶' if note is not None else ' '} {line.number:>{digits}} │ "),
        (FAINT, f"{line.event or '?':<{events}}  "),
        (style, shortened(line.text)),
    ]
    if note:
        gap = " " * max(0, texts - len(shortened(line.text)))
        pieces.append((BAD, f"{gap}  ◀ {shortened(note)}"))
    return tuple(pieces)


LANE_WIDTH = 34
"""Columns of one thread's lane, where there is room."""


NARROWEST_LANE = 12


_LANES_BEGIN = 6


MAX_LANE_ROWS = 40
"""Rows of lanes that are shown."""


def lane_lines(finding: Finding, columns: int = 0) -> Iterator[TextLine]:
    """Who ran when: a lane for each thread that printed, the hand-overs that nothing forced.

    In so many ``columns`` the lanes of many threads are narrower.
    """
    threads = sorted({row.thread for row in finding.lanes})
    width = _lane_width(len(threads), columns)
    if finding.switches is not None:
        least = count_of(finding.switches, "departure")
        yield ((FAINT, f"      the plainest schedule that shows it: {least} from running on"),)
    if threads:
        names = (_in_lane(thread_name(thread, finding.tasks), width) for thread in threads)
        yield ((FAINT, f"      {''.join(f'{name:<{width}}' for name in names).rstrip()}"),)
    printed = [row for row in finding.lanes if not row.stands]
    for row in printed[:MAX_LANE_ROWS]:
        yield from _asides(threads, row, finding.tasks, width)
        yield _lane_line(row, _lane(threads, row.thread, width), width)
    if len(printed) > MAX_LANE_ROWS:
        yield ((FAINT, f"      … {len(printed) - MAX_LANE_ROWS} more lines"),)
    for row in finding.lanes:
        if row.stands:
            yield from _asides(threads, row, finding.tasks, width)
            indent = _lane(threads, row.thread, width)
            yield ((FAINT, f"      {'':{indent}}■ "), (MARK, visible(row.stands)))


def _lane_width(lanes: int, columns: int) -> int:
    """Cells for each lane: as many as fit into ``columns`` (0: no limit), within two bounds."""
    if not columns or not lanes:
        return LANE_WIDTH
    return max(NARROWEST_LANE, min(LANE_WIDTH, (columns - _LANES_BEGIN) // lanes))


def _asides(
    threads: Sequence[int], row: LaneRow, tasks: tuple[TaskName, ...], width: int
) -> Iterator[TextLine]:
    """What happened before a row."""
    numbers = {task.number for task in tasks}
    happened = (
        *((thread, "'s timeout fires early") for thread in row.early),
        *_for_nothing(row),
        *((thread, " overtaken" if thread in numbers else " stopped") for thread in row.preempted),
        *((thread, f" {told}") for thread, told in row.old),
    )
    for chance in row.chances:
        yield ((FAINT, f"      ┄┄ {CHANCES[chance]}"),)
    for thread, what in happened:
        name = thread_name(thread, tasks)
        yield ((FAINT, f"      {'':{_lane(threads, thread, width)}}┄┄ {name}{what}"),)


CHANCES = {
    "event": "another event comes first",
    "late": "an event comes later",
    "tie": "another timer of the same time comes first",
    "pace": "time passes before a timer is set",
    "turn": "time passes before the loop looks which timers are due",
}
"""What an event loop may meet otherwise, by the kinds of decisions."""


def _for_nothing(row: LaneRow) -> Iterator[tuple[int, str]]:
    """Whose wait woke and whose exchange failed, and where that is known."""
    what = (
        *((thread, "'s wait{} wakes for nothing") for thread in row.spurious),
        *((thread, "'s weak exchange{} fails for nothing") for thread in row.weak),
    )
    places = row.places or ("",) * len(what)
    for (thread, text), place in zip(what, places, strict=True):
        yield thread, text.format(f" at {place}" if place else "")


def _lane(threads: Sequence[int], thread: int, width: int) -> int:
    """Where the lane of a thread begins; one that printed nothing has none, and stands left."""
    return width * threads.index(thread) if thread in threads else 0


def _in_lane(text: str, width: int) -> str:
    return text if len(text) < width - 2 else f"{text[: width - 4]}…"


def _lane_line(row: LaneRow, indent: int, width: int) -> TextLine:
    """What a thread printed, in its lane, with a note behind it."""
    shown = _in_lane(visible(row.text), width)
    style = MARK if row.note else PLAIN
    note = f"  ◀ {shortened(row.note)}" if row.note else ""
    return ((FAINT, f"      {'':{indent}}"), (style, shown), (BAD, note))
