"""Claims + Run → Judgement: what one run shows, by itself."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from io import BytesIO
from itertools import chain
from typing import BinaryIO

from harness.judging.claims import Claims
from harness.judging.closed_world import Outline, broken_rules, outline_of
from harness.judging.excerpts import excerpt_of, excerpt_of_stream
from harness.judging.stderr import Stderr, parse_stderr
from harness.judging.trace import Mender, line_blocks, read_trace, signature
from harness.judging.watch import Watch
from harness.language.closed_rules import why_of_rule
from harness.language.declarations import Spec
from harness.language.patterns import nearest_miss
from harness.language.properties.base import Facts
from harness.values.finding import Excerpt, Finding, Line, Mark, Violation
from harness.values.program import Scope, Side
from harness.values.run import (
    Deadlocked,
    Exited,
    NotStarted,
    OverLimit,
    PassedOver,
    Run,
    Signalled,
    TimedOut,
)

LONG_BYTES = 1 << 20
"""Output that is longer is judged while it is read: its lines are never all held at once."""

MANY_LINES = 100_000
"""The same of output that has more lines, however short they are."""

DEFAULT_CORPORA = frozenset({"examples", "packages"})
"""The directories of the corpora that commands mean if none is named."""

MOST_COMPARED = 4096
"""Bytes: with more output a run is judged without asking whether another gave the same."""

MOST_KNOWN = 1024
"""What so many different runs of a program show is kept, which takes some MiB at most."""

IsStopped = Callable[[], bool]

MakeExcerpt = Callable[[tuple[Mark, ...]], Excerpt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one run shows.

    ``witnessed`` are the some-run properties that held in it, ``missed``
    those that did not, with the reason; ``observed`` is what rules across
    runs want to know of it; ``signature`` stands for its interleaving.
    ``ended`` says that the run went on as long as the spec lets it: else
    nothing that is missing in it counts.

    Of a controlled run whoever made it knows more: ``doubts`` say why what it
    shows does not count by itself, ``unconfirmed`` are the findings that do not
    count, ``passed_over`` the threads that it went on without.
    """

    findings: tuple[Finding, ...] = ()
    unconfirmed: tuple[Finding, ...] = ()
    doubts: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    witnessed: frozenset[str] = frozenset()
    missed: Mapping[str, Violation] = field(default_factory=dict)
    observed: Mapping[str, Hashable] = field(default_factory=dict)
    signature: str = ""
    torn: int = 0
    ended: bool = True


class JudgingStopped(Exception):
    """Nobody waits for the judgement any more."""


class _Heeding(BytesIO):
    """Output that is read no further once nobody waits for what it shows."""

    def __init__(self, data: bytes, is_stopped: IsStopped) -> None:
        super().__init__(data)
        self._is_stopped = is_stopped

    def read(self, size: int | None = -1) -> bytes:
        if self._is_stopped():
            raise JudgingStopped
        return super().read(size)


def judge_run(claims: Claims, run: Run, is_stopped: IsStopped = lambda: False) -> Judgement:
    """Check everything that is claimed of every run, and what this run shows of the rest.

    Of long output it is asked now and then whether anybody waits; if not, JudgingStopped is raised.
    """
    stderr = parse_stderr(run.stderr, lambda line: claims.stderr.match(line) is not None)
    if len(run.stdout) > LONG_BYTES or run.stdout.count(b"\n") > MANY_LINES:
        judgement = judge_stream(claims, run, lambda: _Heeding(run.stdout, is_stopped), stderr)
        return replace(judgement, signature=blake2b(run.stdout, digest_size=8).hexdigest())
    trace = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON)
    watch = Watch(claims.properties, bound=claims.bound)
    # Stdout first, stderr after it: nothing tells in which order the two streams
    # were written, as they are two pipes.
    watch.show(trace.lines)
    whole = trace.complete and not trace.unpaid
    outline = outline_of(run, lines=watch.lines, complete=whole)
    events = tuple(stderr_events(claims, stderr, after=watch.lines))
    watch.show(events)
    lines = (*trace.lines, *events)
    seen = _SeenRun(
        claims=claims,
        run=run,
        watch=watch,
        stderr=stderr,
        outline=outline,
        excerpt=lambda marks: excerpt_of(lines, marks),
    )
    return replace(_judge(seen), signature=signature(trace.lines), torn=trace.torn)


class Judging:
    """Judges the runs of one program; several threads may ask at once.

    A run that gave what an earlier one gave shows the same: it is not looked through again. What is
    found is told with its run, and what depends on how long a run took is judged of each.
    """

    def __init__(self, claims: Claims, *, is_timed: bool) -> None:
        """``is_timed`` says that the program's speed is judged."""
        self._claims = claims
        self._is_timed = is_timed
        # No lock: two threads that judge the same output at once come to
        # the same, and either may be kept.
        self._known: dict[Hashable, Judgement] = {}

    def judge(self, run: Run, is_stopped: IsStopped = lambda: False) -> Judgement:
        """What ``judge_run`` says."""
        size = len(run.stdout) + len(run.stderr)
        if self._is_timed or size > MOST_COMPARED:
            return judge_run(self._claims, run, is_stopped)
        given = (run.stdout, run.stderr, run.ending, run.stray_processes, run.races)
        judgement = self._known.get(given)
        if judgement is None:
            judgement = judge_run(self._claims, run, is_stopped)
            if not judgement.findings and len(self._known) < MOST_KNOWN:
                self._known[given] = judgement
        return judgement


def judge_stream(
    claims: Claims, run: Run, open_stdout: Callable[[], BinaryIO], stderr: Stderr
) -> Judgement:
    """Judge a run whose stdout is read in blocks, and again for each excerpt.

    Memory does not grow with its length. Unlike ``judge_run`` this does not
    go back to a line that happens to be an event and is a torn one all the same.
    """
    watch = Watch(claims.properties, bound=claims.bound)
    mender = _mender(claims)
    complete = True
    with open_stdout() as file:
        for block in line_blocks(file):
            complete = block.complete
            watch.feed((block.lines,), claims.stdout, mender.pieces if mender else None)
    whole = complete and not (mender and mender.owed)
    outline = outline_of(run, lines=watch.lines, complete=whole)
    events = tuple(stderr_events(claims, stderr, after=watch.lines))
    watch.show(events)

    def read(number: int, text: str) -> Line:
        matcher = claims.stdout if number <= outline.lines else claims.stderr
        return Line(number, text, *(matcher.recognise(text) or (None, ())))

    def excerpt(marks: tuple[Mark, ...]) -> Excerpt:
        with open_stdout() as file:
            texts = chain(_texts(claims, file), (event.text for event in events))
            return excerpt_of_stream(texts, watch.lines, marks, read)

    seen = _SeenRun(
        claims=claims, run=run, watch=watch, stderr=stderr, outline=outline, excerpt=excerpt
    )
    return replace(_judge(seen), torn=mender.torn if mender else 0)


def _mender(claims: Claims) -> Mender | None:
    """What mends torn lines, of Python programs alone: Rust prints each line under a lock."""
    return Mender(claims.stdout) if claims.program.side is Side.PYTHON else None


def _texts(claims: Claims, file: BinaryIO) -> Iterator[str]:
    """The lines as the monitors saw them, torn ones mended."""
    mender = _mender(claims)
    for block in line_blocks(file):
        for text in block.lines:
            is_odd = mender is not None and (not text or claims.stdout.match(text) is None)
            pieces = mender.pieces(text) if mender and is_odd else None
            if pieces is None:
                yield text
            else:
                yield from pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class _SeenRun:
    """A run whose every line has been shown to the monitors.

    ``excerpt`` gives the part of the trace that shows some marks.
    """

    claims: Claims
    run: Run
    watch: Watch
    stderr: Stderr
    outline: Outline
    excerpt: MakeExcerpt


def _judge(seen: _SeenRun) -> Judgement:
    """What the run shows, but for its signature and its torn lines, which only reading it tells."""
    claims, watch = seen.claims, seen.watch
    # Of a run that was cut off nothing is missing: it may still have been to come.
    ended = has_ended(claims, seen.run)
    if ended:
        watch.finish(_facts(seen), so_far=claims.never_ends)
    some_run = {p.name: watch.violations.get(p.name) for p in claims.of_scope(Scope.SOME_RUN)}
    return Judgement(
        findings=tuple(_findings(seen)),
        witnessed=frozenset(name for name, broke in some_run.items() if ended and not broke),
        missed={name: broke for name, broke in some_run.items() if broke},
        observed=_observed(watch) if ended else {},
        ended=ended,
    )


def stderr_events(claims: Claims, stderr: Stderr, *, after: int) -> Iterator[Line]:
    """The lines of stderr that are events, numbered on from the last of stdout's, ``after``."""
    number = after
    for text in stderr.rest:
        found = claims.stderr.recognise(text)
        if found is not None:
            number += 1
            yield Line(number, text, *found)


def has_ended(claims: Claims, run: Run) -> bool:
    """Whether the run went on as long as the spec lets it, so that what is missing is missing.

    A deadlock of some is told at once: what the others had still to print, nobody knows.
    """
    match run.ending:
        case Exited() | Signalled():
            return True
        case TimedOut():
            return claims.may_hang or claims.never_ends
        case Deadlocked(others_went_on=others_went_on):
            return (claims.may_hang or claims.never_ends) and not others_went_on
        case OverLimit(of_steps=of_steps):
            return claims.never_ends and of_steps
        case NotStarted():
            return False


def _facts(seen: _SeenRun) -> Facts:
    """What monitors are told at the end of a run, beside its lines."""
    return Facts(
        ending=seen.run.ending,
        lines=seen.watch.lines,
        reports=seen.stderr.reports,
        cpu_seconds=seen.run.cpu_seconds,
        wall_seconds=seen.run.wall_seconds,
        source=seen.claims.source,
        path=seen.claims.program.path,
    )


def _findings(seen: _SeenRun) -> Iterator[Finding]:
    """What is wrong with the run, by what is claimed of every run and by the closed world."""
    claims, watch = seen.claims, seen.watch
    # What the spec declares comes first, in its order; what it forbids by its silence after that.
    for prop in claims.of_scope(Scope.EVERY_RUN):
        if violation := watch.violations.get(prop.name):
            yield replace(_finding(seen, prop.name, prop.why, violation), line=prop.line)
    for rule, violation in broken_rules(claims, seen.outline, watch, seen.stderr):
        finding = _finding(seen, rule, why_of_rule(rule), violation)
        if rule == "known-lines":
            nearest = nearest_miss(watch.unknown[0].start, claims.stdout.patterns)
            finding = replace(finding, nearest=nearest)
        yield finding


def _finding(seen: _SeenRun, name: str, why: str, violation: Violation) -> Finding:
    """A violation as reports tell it.

    With its run, an excerpt, and the command that shows it again.
    """
    run = seen.run
    return Finding(
        property=name,
        why=why,
        violation=violation,
        side=run.side,
        program=run.program,
        toolchain=run.toolchain,
        schedule=run.schedule,
        run_index=run.index,
        excerpt=seen.excerpt(violation.marks),
        reproduce=reproduce_command(seen.claims, run),
    )


def reproduce_command(claims: Claims, run: Run) -> str:
    """The command that makes this run again, as nearly as the schedule allows."""
    schedule = f"--schedule {shlex.quote(run.schedule)}"
    if claims.spec.tried is not None:
        program, *args = claims.spec.tried
        return " ".join((f"harness try {program}", schedule, *run.options, *filter(None, args)))
    words = [f"harness run {_typed_name(claims.spec)} --side {run.side.value}"]
    if run.toolchain:
        words.append(f"--{run.side.value} {run.toolchain}")
    if run.program != "main":
        words.append(f"--program {run.program}")
    return " ".join((*words, schedule, *run.options))


def _typed_name(spec: Spec) -> str:
    """How a person names the example: its name in the corpus that is the default, else its path."""
    is_default = spec.directory.parent.parent.name in DEFAULT_CORPORA
    return spec.name if is_default else shlex.quote(str(spec.directory))


def _observed(watch: Watch) -> dict[str, Hashable]:
    """What rules across runs want to know of this one, by property; nothing of the others."""
    observations = ((name, monitor.observation()) for name, monitor in watch.monitors.items())
    return {name: seen for name, seen in observations if seen is not None}
