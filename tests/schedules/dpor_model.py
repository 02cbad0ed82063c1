"""Small programs as a model: run as the runtimes run theirs, and enumerated state by state.

The enumeration knows of no dependence and no scheduler: it is what a reduced search is held
against. A program is a list of threads, a thread a list of operations: ``r0`` reads word 0, ``w0``
writes it, ``a0`` adds to it, ``c0`` exchanges it if it is 0, ``l0`` takes a lock, ``t0`` tries to,
``u0`` lets it go, ``n0`` drops a reference, ``p`` prints, ``h0`` changes word 0 in a step that may
have been ``ANYTHING``; ``q`` ends the program. Thread 0 is main: it creates the others
first, and joins them at last unless it says ``q``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.schedules.dependence import Kind, Touch, Touches, wakes
from harness.schedules.dpor import OWN_LINES, Branch
from harness.schedules.record import Decision, Record, Step, Waiting

Program = tuple[tuple[str, ...], ...]
Outcome = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where each thread stands, what each has read, and what they share."""

    at: tuple[int, ...]
    own: tuple[int, ...]
    words: tuple[int, ...] = (0, 0)
    holders: tuple[int, ...] = (-1, -1, -1)
    counts: tuple[int, ...] = (0, 0)
    lines: tuple[str, ...] = ()
    is_over: bool = False

    def with_own(self, thread: int, value: int) -> State:
        """The same, but that a thread has read this."""
        return replace(self, own=_put(self.own, thread, value))


def _put(values: tuple[int, ...], at: int, value: int) -> tuple[int, ...]:
    return (*values[:at], value, *values[at + 1 :])


def start(program: Program) -> State:
    """Before anything is done."""
    counts = tuple(
        1 + sum(op == f"n{number}" for thread in program for op in thread) for number in (0, 1)
    )
    return State(at=(0,) * len(program), own=tuple(range(1, len(program) + 1)), counts=counts)


def is_done(program: Program, state: State, thread: int) -> bool:
    """Whether a thread has come to its end."""
    return state.at[thread] == len(program[thread])


def can_go_on(program: Program, state: State, thread: int) -> bool:
    """Whether the next operation of a thread does not have to wait."""
    if state.is_over or is_done(program, state, thread):
        return False
    op = program[thread][state.at[thread]]
    if op[0] == "l":
        return state.holders[int(op[1:])] < 0
    return op[0] != "j" or is_done(program, state, int(op[1:]))


def step(
    program: Program, state: State, thread: int, *, lines_commute: bool = False
) -> tuple[State, Touches]:
    """What the next operation of a thread does, and what it touches."""
    out = f"{OWN_LINES + thread:x}" if lines_commute else "out"
    op = program[thread][state.at[thread]]
    moved = replace(state, at=_put(state.at, thread, state.at[thread] + 1))
    kind, number = op[0], int(op[1:] or 0)
    if kind in "rwach":
        after, touch = _on_word(moved, thread, kind, number)
    elif kind in "ltu":
        after, touch = _on_lock(moved, thread, kind, number)
    elif kind == "n":
        left = moved.counts[number] - 1
        after = replace(moved, counts=_put(moved.counts, number, left))
        if left == 1:  # the last but main's
            after = replace(after, lines=(*after.lines, f"{thread} drops {number}"))
        return after, (Touch(Kind.COUNT, f"n{number}", left - 1), *_line(out) * (left == 1))
    elif kind == "j":
        return moved, (Touch(Kind.JOIN, str(number)),)
    elif kind == "q":
        return replace(moved, is_over=True), (Touch(Kind.ANYTHING),)
    else:
        line = f"{thread} {state.own[thread]}"
        return replace(moved, lines=(*moved.lines, line)), _line(out)
    return after, (touch,)


def _line(out: str) -> Touches:
    return (Touch(Kind.WRITE, out),)


def _on_word(state: State, thread: int, kind: str, number: int) -> tuple[State, Touch]:
    word, own = state.words[number], state.own[thread]
    written = {"r": word, "w": own, "a": word + thread + 1, "c": word or own, "h": word * 3 + own}
    read = own if kind == "w" else own * 3 + word
    after = replace(state, words=_put(state.words, number, written[kind])).with_own(thread, read)
    if kind == "h":
        return after, Touch(Kind.ANYTHING)
    is_read = kind == "r" or (kind == "c" and word != 0)
    return after, Touch(Kind.READ if is_read else Kind.WRITE, f"w{number}")


def _on_lock(state: State, thread: int, kind: str, number: int) -> tuple[State, Touch]:
    holder, name = state.holders[number], f"l{number}"
    if kind == "u":
        if holder != thread:  # it was tried in vain
            return state, Touch(Kind.READ, "nothing")
        return replace(state, holders=_put(state.holders, number, -1)), Touch(Kind.RELEASE, name)
    if kind == "t":
        state = state.with_own(thread, state.own[thread] * 3 + (holder < 0))
        if holder >= 0:
            return state, Touch(Kind.READ, name)
    taken = replace(state, holders=_put(state.holders, number, thread))
    return taken, Touch(Kind.TAKE if kind == "t" else Kind.ACQUIRE, name)


def outcome_of(program: Program, state: State) -> Outcome:
    """What can be seen of a run that ended so."""
    done = tuple(is_done(program, state, thread) for thread in range(len(program)))
    return (state.lines, state.is_over, done, state.words if all(done) else ())


def enumerate_outcomes(program: Program) -> set[Outcome]:
    """Every outcome, state by state."""
    first = start(program)
    seen, stack, found = {first}, [first], set()
    while stack:
        state = stack.pop()
        following = [t for t in range(len(program)) if can_go_on(program, state, t)]
        if not following:
            found.add(outcome_of(program, state))
        for thread in following:
            after, _ = step(program, state, thread)
            if after not in seen:
                seen.add(after)
                stack.append(after)
    return found


def run(program: Program, branch: Branch) -> tuple[Record, Outcome]:
    """A run as a runtime makes it: these choices, then the default rule among who is awake."""
    state, current, choices = start(program), 0, dict(branch.choices)
    asleep = dict(branch.asleep)
    last = branch.choices[-1][0] if branch.choices else -1
    decisions: list[Decision] = []
    steps: list[Step] = []
    end = "exit"
    while able := [t for t in range(len(program)) if can_go_on(program, state, t)]:
        number = len(decisions) if len(able) > 1 else None
        pool = able if len(decisions) <= last else [t for t in able if t not in asleep]
        if not pool:
            end = "asleep"
            break
        default = current if current in pool else min(pool)
        chosen = default if number is None else choices.get(number, default)
        if number is not None:
            decisions.append(Decision(number, current, chosen, tuple(able), current not in able))
        state, touches = step(program, state, chosen, lines_commute=branch.lines_commute)
        if len(decisions) > last:
            asleep = {t: told for t, told in asleep.items() if not wakes(told, touches)}
        steps.append(Step(chosen, number, tuple(able), touches))
        current = chosen
    stuck = [t for t in range(len(program)) if not is_done(program, state, t)]
    if stuck and end == "exit" and not state.is_over:
        end = "deadlock"
    locks = [(t, program[t][state.at[t]]) for t in stuck] if end == "deadlock" else []
    record = Record(
        end=end,  # type: ignore[arg-type]
        decisions=tuple(decisions),
        told=tuple(steps),
        names=tuple((t, "") for t in range(1, len(program))),
        ended=tuple(t for t in range(1, len(program)) if t not in stuck),
        waiting=tuple(Waiting(thread=t, kind="lock") for t in stuck) if end == "deadlock" else (),
        pending=tuple((t, op) for t, op in locks if op[0] == "l"),
    )
    return record, outcome_of(program, state)


def random_program(seed: int, kinds: str) -> Program:
    """Two or three threads of two to four operations, and main that joins them or does not."""
    drawn = random.Random(seed)
    count = drawn.choice((2, 2, 3))
    threads = [tuple(_operations(drawn, kinds)) for _ in range(count)]
    joins = tuple(f"j{number}" for number in range(1, count + 1))
    main = ("q",) if drawn.random() < 0.1 else joins if drawn.random() < 0.7 else joins[:1]
    return ((*main, "p"), *threads)


def _operations(drawn: random.Random, kinds: str) -> Iterator[str]:
    held: list[int] = []
    for _ in range(drawn.randint(2, 4)):
        kind, number = drawn.choice(kinds), drawn.randrange(2)
        if kind in "lt" and number in held:
            kind = "a"
        yield kind if kind == "p" else f"{kind}{number}"
        if kind in "lt":
            held.append(number)
        if held and drawn.random() < 0.3:
            yield f"u{held.pop(drawn.randrange(len(held)))}"
    while held:
        yield f"u{held.pop()}"
