"""Every trace of a program once: dynamic partial-order reduction.

Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson and Sagonas, "Optimal
dynamic partial order reduction", 2014). A run tells what each step touched.
Where two steps of it depend on each other and nothing orders them but chance,
a run is wanted in which the later one comes first; a thread whose step has
been tried from a state is asleep in what else is tried from there, until
somebody touches what that step does. So no two runs are one trace, but for
those that end ``asleep``.

Locks are known: one that is held is waited for, and whoever wants it races
with whoever took it last, also if the two releases and takings between stand
in the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from harness.schedules.dependence import OF_THREADS, Kind, Touch, Touches, depend, wakes
from harness.schedules.names import Schedule, Strategy
from harness.schedules.record import RESTED, Decision, Record, Step
from harness.schedules.search import Kind as Departing
from harness.schedules.search import departing, departures_of, flaws_of

_TAKES = frozenset({Kind.TAKE, Kind.ACQUIRE})


OWN_LINES = 5
"""The object of the lines of thread 0, where lines commute; those of further ones follow."""

PARTS_OF_LINES = "parts-of-lines"
"""What a run hides if lines commute, and it was not whole lines that were written."""

_SECOND = 2
"""The run that may show that the first was another: an interpreter compiles its modules once."""

WHOLE_CALLS = "whole-calls"
"""What a run notes whose calls of channels were one step each."""

_UNNAMED = "0"
"""The lock of which a run tells where somebody waits for one of which no step tells."""

_NO_GAPS = frozenset({PARTS_OF_LINES, WHOLE_CALLS})
"""What a run notes that a search covers."""

# As in controlled.h, where the first is MAX_THREADS: no thread has such a number.
_WAKERS, _FAILERS = 1 << 12, 1 << 13
"""From there on a number stands for who wakes that thread for nothing, or has its exchange fail."""

_MOST_TOUCHES = 64
"""Of a sleeper, as many as a runtime takes: more are as good as all."""


def _few(touches: Touches) -> Touches:
    """The touches as they are asked of a runtime, which takes no more than so many."""
    return touches if len(touches) <= _MOST_TOUCHES else (Touch(Kind.ANYTHING),)


def _doer(number: int) -> int:
    """The thread whose step it is that is done under that number."""
    return number - _FAILERS if number >= _FAILERS else number


@dataclass(frozen=True, slots=True)
class Branch:
    """A run that is wanted: its first choices, and who sleeps from the last of them on."""

    choices: tuple[tuple[int, int], ...] = ()
    asleep: tuple[tuple[int, Touches], ...] = ()
    sleepless: bool = False
    lines_commute: bool = False
    for_nothing: bool = False
    whole_calls: bool = False

    @property
    def schedule(self) -> Schedule:
        """The schedule that has these choices; it goes on by the default rule."""
        return Schedule(
            strategy=Strategy.SWITCH,
            switches=self.choices,
            sleepless=self.sleepless,
            whole_calls=self.whole_calls,
        )

    @property
    def request(self) -> str:
        """What the runtime is asked for: ``14;2=w:5f0,r:5f8`` has thread 2 asleep from 14 on.

        ``14l`` asks for no order of the lines of different threads, ``14s`` (or ``14ls``) for what
        may come for nothing, to be chosen like a thread.
        """
        # Before its last choice it goes as a run that was made: there is
        # nobody to be kept from going.
        start = str(self.choices[-1][0] if self.choices else 0)
        asked = f"{start}{'l' * self.lines_commute}{'s' * self.for_nothing}"
        # Who does what comes for nothing is no thread that the runtime could let sleep; the
        # search itself leaves such a one out (``left``).
        threads = (pair for pair in self.asleep if pair[0] < _WAKERS)
        sleepers = (f"{thread}={','.join(map(str, _few(told)))}" for thread, told in threads)
        return ";".join((asked, *sleepers))


def without_attempts(record: Record) -> Record:
    """The same run as it goes where nothing is asked of its steps.

    There a thread is not kept from being chosen by having to wait, but need not
    be chosen either: the choices of those that did no step are left out, and so is what was
    chosen to come for nothing.
    """
    did_a_step = {step.decision for step in record.told}
    decisions: list[Decision] = []
    first: Decision | None = None
    for decision in map(_of_threads, record.decisions):
        # With the wakers taken out there was nobody to choose from: without a search that is no
        # decision, and does not count among them.
        if decision.chosen >= _WAKERS or len(decision.runnable) == 1:
            continue
        first = first or decision
        # Several choices in a row may have found only that they had to wait. In a run that knows
        # nothing of this there is one decision: from where the first was made, to who did the step.
        if decision.number in did_a_step:
            kept = first._replace(number=len(decisions), chosen=decision.chosen)
            decisions.append(kept)
            first = None
    return replace(record, decisions=tuple(decisions))


def _of_doer(step: Step) -> Step:
    return step if step.thread < _WAKERS else step._replace(thread=_doer(step.thread))


def _of_threads(decision: Decision) -> Decision:
    if decision.chosen < _WAKERS and max(decision.runnable) < _WAKERS:
        return decision  # as most are
    threads = tuple(number for number in decision.runnable if number < _WAKERS)
    return decision._replace(chosen=_doer(decision.chosen), runnable=threads)


def schedule_of(record: Record) -> Schedule:
    """The schedule of the ordinary kind that makes a run again of which this is the record.

    That has no choices of those who did no step.
    """
    departures = (each for each in departures_of(record) if each.kind is not Departing.EARLY)
    return replace(
        departing(departures),
        sleepless=bool(record.fired),
        whole_calls=WHOLE_CALLS in record.hidden,
    )


@dataclass(slots=True)
class _State:
    """A state that the last run went through, and what has been tried from it.

    ``asleep`` and ``done`` say what the next step of a thread touches; ``closed``
    are threads that could not do a step from here after all. ``ways`` are the choices
    that lead from the start to a step that is not to be had by the choice of its thread alone.

    In the words of the paper: ``wanted`` and ``asleep`` are backtrack(E) and sleep(E) of the
    prefix E that leads here; ``done`` are those of backtrack(E) that have been explored, which
    the paper adds to sleep(E). ``decision`` is ``None`` where nobody else could go on, so that
    nothing can be wanted but the step that was done.
    """

    decision: int | None
    candidates: frozenset[int]
    asleep: dict[int, Touches] = field(default_factory=dict)
    done: dict[int, Touches] = field(default_factory=dict)
    wanted: set[int] = field(default_factory=set)
    ways: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)

    def asleep_beside(self, number: int) -> dict[int, Touches]:
        """Who need not go first once that one has: what comes of it was seen.

        Where somebody would have been woken for nothing, others have gone on without him.
        """
        return self.asleep if _WAKERS <= number < _FAILERS else {**self.asleep, **self.done}

    @property
    def left(self) -> set[int]:
        """Whom to try yet."""
        return self.wanted - self.closed - self.done.keys() - self.asleep.keys()


@dataclass(slots=True)
class ReducedSearch:
    """Asks for runs until every trace has been seen.

    ``next`` gives a run to be made, ``add`` takes its record. ``is_complete``
    holds once every trace has been run, each to its end and under control.
    ``flaws`` say why that cannot be claimed, and ``uncovered`` what the runs did
    of which the dependence knows nothing: then the full search is to be asked.
    """

    early: bool = True
    spurious: int = 1
    is_native: bool = True
    """Whether it is a Rust program: its runtime offers what may come for nothing (that of Python
    tells that something may, which is not covered then), and takes calls of channels whole."""
    lines_commute: bool = False
    """Whether runs are one trace, too, that differ in which thread writes first to stdout."""
    minds: str = ""
    """What may tell their order, if lines were to commute and do not."""
    tried: int = 0
    traces: int = 0
    points: int = 0
    """The most steps that one run had."""
    has_slept: bool = False
    """Whether sleeps ended at once: whoever is chosen late has slept for long."""
    has_spurious: bool = False
    """Whether something could have come for nothing, and once did."""
    _flaws: dict[str, None] = field(default_factory=dict)
    _uncovered: dict[str, None] = field(default_factory=dict)
    _stack: list[_State] = field(default_factory=list)
    _choices: list[tuple[int, int]] = field(default_factory=list)
    _has_begun: bool = False
    _told: tuple[Step, ...] = ()
    _pasts: list[int] = field(default_factory=list)
    """What comes before each of the steps told last."""
    _chosen: int | None = None

    def next(self) -> Branch | None:
        """The next run, or ``None`` if there is no further one."""
        if not self._has_begun:
            self._has_begun = True
            self.tried += 1
            return self._branch()
        # The deepest state first: so one path is all that is kept, and memory grows with the length
        # of a run and not with the number of runs.
        while self._stack and not self._stack[-1].left:
            self._stack.pop()
        if not self._stack:
            return None
        self.tried += 1
        state = self._stack[-1]
        self._chosen = min(state.left)
        assert state.decision is not None  # noqa: S101 - else there was nobody else to choose
        # Of the last run, which went through this state, whatever it chose after it.
        before = [pair for pair in self._choices if pair[0] < state.decision]
        return self._branch(
            state.ways.get(self._chosen, (*before, (state.decision, self._chosen))),
            tuple(sorted(state.asleep_beside(self._chosen).items())),
        )

    def _branch(
        self,
        choices: tuple[tuple[int, int], ...] = (),
        asleep: tuple[tuple[int, Touches], ...] = (),
    ) -> Branch:
        """The run with these choices and sleepers, asked for as all of this search are."""
        return Branch(
            choices=choices,
            asleep=asleep,
            sleepless=self.early,
            lines_commute=self.lines_commute,
            for_nothing=bool(self.spurious),
            whole_calls=self.is_native,
        )

    def mind_lines(self, who: str) -> None:
        """Begin anew, with each order of lines a trace of its own, since this may tell it.

        What has been tried so far stands for runs in other orders that may now have to be told
        apart: none of it counts any more, but ``tried``, which is what they cost.
        """
        self.minds = who
        self.lines_commute = False
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Forget every state: the next run is the plainest again.

        What is known against it stays.
        """
        self._has_begun = False
        self.traces = self.points = 0
        self._stack, self._choices = [], []
        self._told, self._chosen, self._pasts = (), None, []

    def add(self, record: Record | None) -> None:
        """Take the record of the run that ``next`` gave last."""
        # The states on the stack are those before each step of the last run, as far as the run that
        # was asked for shares them; it departs from the last of them.
        first = max(len(self._stack) - 1, 0)
        if (
            self.tried == _SECOND
            and record is not None
            and record.told[:first] != self._told[:first]
        ):
            self._begin_anew()
            return
        flaws = flaws_of(record)
        self._flaws.update(dict.fromkeys(flaws))
        # What lies on the stack was concluded of steps that touched just this. A program that does
        # something else there (by its addresses, by the time) has no such states.
        if record is None or record.end == "mismatch" or record.told[:first] != self._told[:first]:
            self._give_up()
            return
        self._told = record.told
        self._note_uncovered(record)
        self._choices = [(d.number, d.chosen) for d in record.decisions]
        self.points = max(self.points, len(record.told))
        # A run that ended asleep is a trace that had been begun
        # elsewhere: it is cut, and counted there.
        self.traces += record.end != "asleep"
        steps = record.told
        # Whoever was chosen did no step, but found that it had to wait:
        # from here it cannot go first.
        if self._chosen is not None and (
            len(steps) == first or steps[first].thread != self._chosen
        ):
            self._stack[first].closed.add(self._chosen)
        for at in range(first, len(steps)):
            self._take(steps, at)
        for at in range(first, len(steps)):
            self._want(steps[at], self._stack[at])
        # Once all states of the run are there: a race is reversed in an
        # earlier one, or in a new one.
        races = _Races(self._stack, record, first, self._pasts[:first])
        races.find()
        self._pasts = races.past
        self._take_end(record)

    def pasts_of(self, record: Record) -> Sequence[int]:
        """What ``pasts_of`` says, which is known already of the record that was added last."""
        return self._pasts if record.told is self._told else pasts_of(record)

    def _want(self, step: Step, state: _State) -> None:
        """That step itself, and what may come for nothing before it, or in its place.

        What the thread is about to do may be known at a later choice than that of the thread.
        """
        state.wanted.add(step.thread)
        for number in step.candidates:
            fails = number >= _FAILERS and _doer(number) == step.thread
            if fails and step.decision is not None:
                before = (pair for pair in self._choices if pair[0] < step.decision)
                state.ways.setdefault(number, (*before, (step.decision, number)))
            if fails or _WAKERS <= number < _FAILERS:
                state.wanted.add(number)

    def _give_up(self) -> None:
        """The run did not lead where it should have: what it was to try is left out."""
        self._flaws["a schedule did not lead where it had led before"] = None
        if self._stack and self._chosen is not None:
            self._stack[-1].closed.add(self._chosen)

    def _take(self, steps: tuple[Step, ...], at: int) -> None:
        """Note the step that the last run did from the state there; a new one is made."""
        step = steps[at]
        if at == len(self._stack):
            asleep = self._asleep_after(steps[at - 1], at - 1) if at else {}
            self._stack.append(_State(step.decision, frozenset(step.candidates), asleep))
        self._stack[at].done[step.thread] = step.touches

    def _asleep_after(self, step: Step, at: int) -> dict[int, Touches]:
        """Who sleeps on in the state after that step, each with what it would touch."""
        before = self._stack[at]
        return {
            thread: touches
            for thread, touches in before.asleep_beside(step.thread).items()
            # A sleeper sleeps on as long as what it would do commutes with all that is
            # done: then having it go first or here gives one trace, and the one in
            # which it goes first has been run.
            if _doer(thread) != _doer(step.thread) and not wakes(touches, step.touches)
        }

    def _take_end(self, record: Record) -> None:
        """Where the run ended with threads left that could have gone on, each is to go on first."""
        steps = record.told
        # A run that was cut says nothing of who could have gone on after it.
        if record.end == "asleep" or not record.left_behind:
            return
        last = record.decisions[-1] if record.decisions else None
        if last is not None and last.number not in {step.decision for step in steps}:
            asleep = self._asleep_after(steps[-1], len(steps) - 1) if steps else {}
            state = _State(last.number, frozenset(last.runnable), asleep, closed={last.chosen})
            if len(self._stack) == len(steps):
                self._stack.append(state)
        if self._stack:
            self._stack[-1].wanted |= self._stack[-1].candidates

    def _note_uncovered(self, record: Record) -> None:
        """What the full search branches on, and this one does not."""
        self.has_slept = self.has_slept or bool(record.fired)
        if self.early and any(each.early for each in record.candidates):
            self._uncovered["timeouts that come early"] = None
        # Sleeps that end at once make a loop of them one that never stops: it
        # was cut by passing threads over.
        if record.fired and RESTED in record.notes:
            self._uncovered["sleeps without end"] = None
        if self.spurious and any(each.spurious or each.weak for each in record.candidates):
            self.has_spurious = True
            if not self.is_native:
                self._uncovered["wake-ups for nothing"] = None
            elif self.spurious > 1:
                self._uncovered["more than one wake-up for nothing"] = None
        if any(each.old for each in record.candidates):
            self._uncovered["older values of atomics"] = None
        # Threads or choices, and no step: the runtime of this interpreter does not follow any.
        if (record.names or record.decisions) and not record.told:
            self._uncovered["what steps touch is not told here"] = None
        self._uncovered.update(dict.fromkeys(w for w in record.hidden if w not in _NO_GAPS))

    def cannot_cover(self, what: Iterable[str]) -> None:
        """Take note that a program does what no step tells."""
        self._uncovered.update(dict.fromkeys(what))

    def note_flaw(self, flaw: str) -> None:
        """Let nothing be claimed, for this reason."""
        self._flaws[flaw] = None

    @property
    def over(self) -> tuple[str, ...]:
        """The kinds of departures by which its runs differ."""
        sleeps, wakes = self.has_slept, self.has_spurious
        return (
            "hand-overs",
            *("early timeouts",) * sleeps,
            *("one wake-up for nothing",) * wakes,
        )

    @property
    def expected(self) -> float:
        """How many runs it may come to, judged by how much of its tree it has gone through.

        A guess, and mostly too small: what later runs show to be wanted nobody knows yet.

        As if all branches of a state led to equally many runs, which is what Knuth ("Estimating the
        efficiency of backtrack programs", 1975) assumes of a tree of which only one path is known.
        """
        # From the root: of a state's ways, all before the last are done whole; the
        # last is what the next state tells of.
        gone, share = 0.0, 1.0
        for state in self._stack:
            tried = len(state.done) + len(state.closed & state.wanted)
            ways = tried + len(state.left)
            if ways:
                gone += share * (tried - 1) / ways
                share /= ways
        return self.tried / (gone + share)

    @property
    def flaws(self) -> tuple[str, ...]:
        """Why completeness may not be claimed, though there may be no run left."""
        return tuple(self._flaws)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """What this search does not cover."""
        return tuple(self._uncovered)

    @property
    def is_complete(self) -> bool:
        """Whether every trace has been run, under control, to its end."""
        left = any(state.left for state in self._stack)
        return self.tried > 0 and not left and not self._flaws and not self._uncovered


def pasts_of(record: Record) -> list[int]:
    """Of each step all that comes before it in every run that is the same trace, a bit for each.

    No race is reversed: no step is new, so no state is asked for.
    """
    races = _Races([], record, len(record.told))
    races.order()
    return races.past


@dataclass(slots=True)
class _Races:
    """The races of one run: which of its steps depend on each other without being ordered.

    Sets of steps are integers, a bit for each.

    That is what vector clocks are for; but a run has thousands of steps, and as integers
    the union of two pasts is one operation, and whether a step is in one is one look.
    ``stack`` has the state before each step.
    """

    stack: list[_State]
    record: Record
    first: int
    """The steps from this one on are new."""
    known: Sequence[int] = ()
    """The pasts of those before, as far as they were told when they were new."""
    steps: list[Step] = field(init=False)
    """Each by the thread that did it."""
    past: list[int] = field(default_factory=list)
    """Of each step, all that happens before it."""
    _last_of: dict[int, int] = field(default_factory=dict)
    _enabled_by: dict[int, int] = field(default_factory=dict)
    """Of each thread, the steps that its next one comes after."""
    _touched: dict[str, list[tuple[int, Touch]]] = field(default_factory=dict)
    _changed: dict[str, list[tuple[int, Touch]]] = field(default_factory=dict)
    """Those that did more than read: reads are most, and depend on no other."""
    _anything: list[tuple[int, Touch]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Whoever does what comes for nothing: in the order of a thread, it is that one's step."""
        self.steps = [_of_doer(step) for step in self.record.told]

    def find(self) -> None:
        """Have wanted, from the states of the run, what reverses its races."""
        self.order()
        for thread, lock in self.record.pending:
            ordered = self._ordered_by_thread(thread)
            if lock == _UNNAMED:
                self._reverse_last(thread, ordered)
                continue
            touch = Touch(Kind.ACQUIRE, lock)
            self._reverse_taking(len(self.steps), thread, touch, ordered, {})

    def _reverse_last(self, thread: int, ordered: int) -> None:
        """A thread waits for what no step has told, a stream's own lock: any other may have it.

        So whatever the others did last might have come after what it would do.
        """
        others = {at for other, at in self._last_of.items() if other != thread}
        past = self._closed(ordered | _bits(others))
        before = ordered | self._past_of_all(ordered | _bits(others))
        for other in others:
            if not before >> other & 1:
                self._reverse(other, len(self.steps), thread, past)

    def order(self) -> None:
        """Tell the past of each step, and reverse the races of those that are new.

        Steps before ``first`` are those of a run that was added before:
        their races are reversed already.
        """
        for at, step in enumerate(self.steps):
            if at < len(self.known):
                self.past.append(self.known[at])
            else:
                ordered = self._ordered_before(step)
                direct = self._depended_on(step)
                self.past.append(self._closed(ordered | _bits(direct)))
                if at >= self.first:
                    self._reverse_all(at, step, ordered, direct)
            self._note(at, step)

    def _ordered_by_thread(self, thread: int) -> int:
        """Its last step, and those that have let it go on since: a set of steps."""
        last = self._last_of.get(thread)
        return self._enabled_by.get(thread, 0) | (0 if last is None else 1 << last)

    def _ordered_before(self, step: Step) -> int:
        """What comes before a step under every schedule, whatever it touches."""
        ordered = self._ordered_by_thread(step.thread)
        for touch in step.touches:
            if touch.kind is Kind.JOIN and int(touch.object) in self._last_of:
                ordered |= 1 << self._last_of[int(touch.object)]
            elif touch.kind is Kind.LATER:
                ordered |= _bits(self._last_of.values())
        return ordered

    def _depended_on(self, step: Step) -> dict[int, list[tuple[Touch, Touch]]]:
        """The earlier steps of others on which this one depends, each with what they touch."""
        found: dict[int, list[tuple[Touch, Touch]]] = {}
        steps = self.steps
        for touch in step.touches:
            if touch.kind in OF_THREADS:
                continue
            for other, before in self._possibly_depended_on(touch):
                if steps[other].thread != step.thread and depend(before, touch):
                    found.setdefault(other, []).append((before, touch))
        return found

    def _possibly_depended_on(self, touch: Touch) -> Iterator[tuple[int, Touch]]:
        """Earlier touches of the same object, and of anything; each with the number of its step."""
        if touch.kind is Kind.ANYTHING:
            for entries in self._touched.values():
                yield from entries
        else:
            before = self._changed if touch.kind is Kind.READ else self._touched
            yield from before.get(touch.object, ())
        yield from self._anything

    def _closed(self, near: int) -> int:
        """These steps and all that comes before any of them."""
        return near | self._past_of_all(near)

    def _reverse_all(
        self, at: int, step: Step, ordered: int, direct: dict[int, list[tuple[Touch, Touch]]]
    ) -> None:
        """Reverse the races of one step; ``direct`` are the earlier ones that it depends on."""
        # Only of steps with no third between them by which they would be ordered all the same (the
        # paper's "e ⋖ e'"): else reversing that third one's race does it, one after the other.
        ordered_anyhow = ordered | self._past_of_all(ordered | _bits(direct))
        for other, pairs in direct.items():
            is_ordered = ordered_anyhow >> other & 1
            if not is_ordered and all(_is_reversible(*pair) for pair in pairs):
                self._reverse(other, at, step.thread, self.past[at])
        for touch in step.touches:
            if touch.kind is Kind.ACQUIRE:
                self._reverse_taking(at, step.thread, touch, ordered, direct)

    def _past_of_all(self, steps: int) -> int:
        """The union of the pasts of these steps."""
        past = 0
        for at in _members(steps):
            past |= self.past[at]
        return past

    def _reverse_taking(
        self,
        at: int,
        thread: int,
        touch: Touch,
        ordered: int,
        direct: dict[int, list[tuple[Touch, Touch]]],
    ) -> None:
        """A lock that was taken, or never came free: whoever took it last could come later."""
        # Not the release before, which the taking waited for and could never precede: what has to
        # come before is what lets this thread come to the taking at all.
        causes = self._closed(ordered)
        others = (
            o for o, pairs in direct.items() if any(b.object != touch.object for b, _ in pairs)
        )
        past = causes | self._closed(_bits(others))
        steps = self.steps
        # The last taking alone: reversed with that, this one comes before it, and after the one
        # before that, which is the next to be reversed in the run that follows.
        for other, before in reversed(self._touched.get(touch.object, [])):
            if before.kind in _TAKES and steps[other].thread != thread:
                if not causes >> other & 1:
                    self._reverse(other, at, thread, past)
                return

    def _reverse(self, earlier: int, later: int, thread: int, past: int) -> None:
        """Have the later step, or what it waits for, come before the earlier in some other run."""
        state, steps = self.stack[earlier], self.steps
        # What does not depend on the earlier step, and could go before it in this order:
        # notdep(e, E) in the paper. Who may begin with it, or with the later step itself, are
        # its initials; one of them has to go on from the state before the earlier step, and
        # which one is all the same (a source set).
        free = [k for k in range(earlier + 1, later) if not self.past[k] >> earlier & 1]
        mask, initials, seen = _bits(free), set(), set()
        for k in free:
            if steps[k].thread not in seen and not self.past[k] & mask:
                initials.add(steps[k].thread)
            # A thread's first step here alone can begin: each further one comes after it.
            seen.add(steps[k].thread)
        if thread not in seen and not past & mask:
            initials.add(thread)
        # Who sleeps there went first in a run that was made, and that covers this one as well.
        if initials & (state.wanted | state.asleep.keys()) - state.closed:
            return
        possible = (initials & state.candidates) - state.closed
        # Nobody of them could go on there: what stood in the way is not known, so all are tried.
        state.wanted |= _one_of(possible, thread) or state.candidates

    def _note(self, at: int, step: Step) -> None:
        """Take the step into what later ones are compared with."""
        # What enabled a thread comes before its first step, and so before all others of it anyhow.
        self._enabled_by.pop(step.thread, None)
        for touch in step.touches:
            if touch.kind is Kind.ENABLE:
                enabled = int(touch.object)
                self._enabled_by[enabled] = self._enabled_by.get(enabled, 0) | 1 << at
            elif touch.kind is Kind.ANYTHING:
                self._anything.append((at, touch))
            elif touch.object and touch.kind is not Kind.JOIN:
                self._touched.setdefault(touch.object, []).append((at, touch))
                if touch.kind is not Kind.READ:
                    self._changed.setdefault(touch.object, []).append((at, touch))
        self._last_of[step.thread] = at


def _one_of(threads: set[int] | frozenset[int], preferred: int) -> set[int]:
    """That one if it is among them, or any; none of none."""
    return {preferred if preferred in threads else min(threads)} if threads else set()


def _is_reversible(before: Touch, after: Touch) -> bool:
    """Nobody takes a lock before the release that it waited for, nor comes before a countdown."""
    return not (after.kind is Kind.ACQUIRE and before.kind in (Kind.RELEASE, Kind.COUNT))


def _bits(steps: Iterable[int]) -> int:
    """The set of these steps."""
    mask = 0
    for at in steps:
        mask |= 1 << at
    return mask


def _members(mask: int) -> Iterator[int]:
    """The steps of a set, in their order."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
