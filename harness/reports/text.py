"""How findings and verdicts are put into words, in lines of styled text.

A line is a tuple of pieces (style, text); the styles are the names below.
Every reporter that writes text for people starts from these lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import east_asian_width

from harness.language.declarations import BREAKS_FILE, SPEC_FILE
from harness.values.counts import steered_among
from harness.values.finding import Excerpt, Finding, LaneRow, Line
from harness.values.report import Observation, Outcome, Report, Verdict
from harness.values.run import TaskName, thread_name
from harness.values.words import shortened, visible

Piece = tuple[str, str]
TextLine = tuple[Piece, ...]

GOOD, BAD, UNSURE, FAINT, STRONG, MARK, PLAIN = (
    "good",
    "bad",
    "unsure",
    "faint",
    "strong",
    "mark",
    "plain",
)

OUTCOME_STYLES = {
    Outcome.PASSED: GOOD,
    Outcome.FAILED: BAD,
    Outcome.TIMED_OUT: BAD,
    Outcome.ERRORED: BAD,
    Outcome.SKIPPED: UNSURE,
    Outcome.INCONCLUSIVE: UNSURE,
}

UNCONFIRMED = "unconfirmed"
"""What is said of a finding that does not count."""

MAX_FOUND_LINES = 20
"""Lines of an ``expected`` or ``found`` text that are shown."""


AGAIN = "again:"
"""What a command stands behind: where it is folded, a shell still takes it as one."""

COLUMNS = 80
"""Columns of a line where nobody says how many there are: every terminal has these."""


def folded(line: TextLine, columns: int) -> Iterator[TextLine]:
    """The line in lines of so many columns at most; what goes on stands deeper than it began.

    It breaks at blanks only: a path or a schedule that is longer than a line stays whole.
    """
    text = "".join(piece for _, piece in line)
    if width_of(text) <= columns or "\n" in text:
        yield line
        return
    is_command = text.lstrip().startswith(AGAIN)
    hang = min(len(text) - len(text.lstrip(" ")) + 4, columns // 2)
    pieces, indent = list(line), ""
    room = columns - 2 * is_command
    while width_of(text) > room - len(indent):
        cut = _cut(text, room - len(indent))
        if cut == len(text):
            break
        head, pieces = _divided(pieces, cut)
        yield ((PLAIN, indent), *head, *([(FAINT, " \\")] if is_command else []))
        pieces = _without_blanks(pieces)
        text = "".join(piece for _, piece in pieces)
        indent = " " * hang
    yield ((PLAIN, indent), *pieces)


def width_of(text: str) -> int:
    """How many columns a text takes: signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(text: str, columns: int) -> int:
    """Where a line of so many columns ends: behind its last word that fits, or its first."""
    fits = next(n for n in range(len(text) + 1) if width_of(text[: n + 1]) > columns)
    begins = len(text) - len(text.lstrip(" "))
    blank = text.rfind(" ", begins + 1, fits + 1)
    if blank <= 0:
        blank = text.find(" ", begins + 1)
    return blank if blank > 0 else len(text)


def _divided(pieces: Iterable[Piece], cut: int) -> tuple[list[Piece], list[Piece]]:
    """Pieces divided at that character, which may be within one."""
    head: list[Piece] = []
    rest: list[Piece] = []
    for style, piece in pieces:
        head.append((style, piece[:cut]))
        rest.append((style, piece[cut:]))
        cut = max(0, cut - len(piece))
    return [each for each in head if each[1]], [each for each in rest if each[1]]


def _without_blanks(pieces: Sequence[Piece]) -> list[Piece]:
    """Without those that the line begins with."""
    for number, (style, piece) in enumerate(pieces):
        if piece.strip(" "):
            return [(style, piece.lstrip(" ")), *pieces[number + 1 :]]
    return []


def plain(lines: Iterable[TextLine]) -> str:
    """The lines without their styles."""
    return "".join("".join(text for _, text in line).rstrip() + "\n" for line in lines)


def count_of(number: int, noun: str) -> str:
    """``1 run``, ``20 runs``, ``1,200 properties``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s"
    return f"{number:,} {plural}"


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
