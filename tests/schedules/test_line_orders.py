"""Lines of different threads change places where nothing that is claimed could tell."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from harness.bench.line_orders import _has_free, _Place
from harness.language.properties.base import Row, Rule, Sample
from harness.language.properties.registry import FAMILIES
from harness.schedules.dpor import OWN_LINES, ReducedSearch, pasts_of
from harness.schedules.record import Record
from tests.properties.driver import Claim, read_claim
from tests.schedules.dpor_model import (
    Outcome,
    Program,
    enumerate_outcomes,
    random_program,
    run,
)

SAMPLES = [
    pytest.param(sample, id=f"{name}-{number}")
    for name, family in FAMILIES.items()
    if name != "compile-error"
    for number, sample in enumerate(family.samples)
]


GETS = 'gets = "{who:w} gets {n:d}"\ndone = "{who:w} is done"\nend = "end"'
EVERY_WAY = [
    Sample(events=GETS, rule=rule, accepted=good, refused=bad, violation="")
    for good, bad in [
        (
            "ann gets 1\nbob gets 1\nann gets 2\nbob gets 2\nann is done\nbob is done\nend\n",
            "ann gets 2\nann is done\nann gets 1\nbob gets 1\nend\nbob is done\n",
        )
    ]
    for rule in (
        'values = { of = "gets.n", increasing = true, same = "who" }',
        'values = { of = "gets.n", increasing = true }',
        'values = { of = "gets.n", are = "1..3", same = "who" }',
        'values = { of = "gets.n", prefix-of = "1..3" }',
        'values = { of = "gets.n", permutation-of = "1..3", same = "who" }',
        'values = { of = "gets.n", among = "1..2" }',
        'values = { of = "gets.n", distinct = true, same = "who" }',
        'values = { of = "gets.n", distinct = true }',
        'count = { of = "gets", same = "who", at-least = 2 }',
        'count = { of = ["gets", "done"], at-most = 6 }',
        'order = { chain = ["gets", "done"], same = "who" }',
        'order = { chain = [["gets", "done"], "end"] }',
        'order = { chain = ["gets", "done", "end"], first = true }',
        'order = { chain = ["gets", "done"], same = "who", first = true }',
        'relation = { holds = "sum(gets.n) == 6 and count(done) == 2" }',
        'relation = { holds = "max(gets.n) == 2 and len(gets.n) == 4" }',
        'relation = { holds = "last(gets.n) == 2" }',
        'relation = { holds = "first(done.who) == last(gets.who)" }',
        'outcomes = { of = "gets[n=2,who=bob].n", are = [{ is = 2, acceptable = "so" }] }',
        'outcomes = { of = ["done", "end"], are = [{ is = ["done", "end"], acceptable = "so" }] }',
        'sections = { enter = "gets", leave = "done", at-most = 3, left = false }',
        'sections = { enter = "gets", leave = "done", at-most = 2, per = "who", left = false }',
        'sections = { enter = "gets", leave = "done", reaches = 3, left = false }',
        'agreement = { of = "gets.n", as = "multiset" }',
        'agreement = { of = "gets.n", as = "set" }',
        'agreement = { of = "gets.n", as = "sequence" }',
    )
]


# --- what rules say of their rows -----------------------------------------------------------


def rows_of(claim: Claim, line: str) -> list[Row]:
    """Where a line stands in the rows of a rule."""
    found = []
    for selector in claim.rule.selectors():
        fields = claim.events[selector.event].match(line)
        if fields is not None and selector.takes(fields):
            found.append(claim.rule.row_of(selector, fields))
    return [row for row in found if row is not None]


def are_told_apart(claim: Claim, one: str, other: str) -> bool:
    """Whether the order of two lines matters to a rule."""
    return any(
        a.key == b.key and (a.rank is None or a.rank != b.rank)
        for a in rows_of(claim, one)
        for b in rows_of(claim, other)
    )


def another_order(claim: Claim, lines: list[str], drawn: random.Random) -> list[str]:
    """The lines with some in other places: as their threads, and the rule, let them."""
    threads = [drawn.randrange(3) for _ in lines]
    left, order = list(range(len(lines))), []
    while left:
        first = [
            at
            for at in left
            if not any(
                before < at
                and (
                    threads[before] == threads[at]
                    or are_told_apart(claim, lines[before], lines[at])
                )
                for before in left
            )
        ]
        order.append(left.pop(left.index(drawn.choice(first))))
    return [lines[at] for at in order]


@pytest.mark.parametrize("sample", [*SAMPLES, *EVERY_WAY])
def test_no_rule_tells_lines_apart_that_it_says_may_change_places(sample: Sample) -> None:
    """Neither whether it holds nor what is observed is another then, in any family."""
    claim = read_claim(sample.events, sample.rule)
    if claim.rule.monitor().line_handler() is not None:
        return  # it compares texts: no line may change its place
    for number in range(60):
        drawn = random.Random(number)
        lines = drawn.choice((sample.accepted, sample.refused)).splitlines()
        lines += drawn.sample(lines, min(len(lines), drawn.randrange(3)))
        one = "\n".join(lines)
        other = "\n".join(another_order(claim, lines, drawn))
        assert bool(claim.violation(one)) == bool(claim.violation(other)), (one, other)
        if not claim.violation(one):
            assert claim.observed(one) == claim.observed(other), (one, other)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ('relation = { holds = "sum(gets.n) == 6" }', False),
        ('relation = { holds = "last(gets.n) == 6" }', True),
        ('outcomes = { of = "gets[who=ann].n", are = [{ is = 1, acceptable = "so" }] }', False),
        ('sections = { enter = "gets", leave = "done", per = "who", at-most = 1 }', False),
        ('sections = { enter = "gets", leave = "done", at-most = 1 }', True),
        ('agreement = { of = "gets.n", as = "multiset" }', False),
        ('agreement = { of = "gets.n", as = "sequence" }', True),
    ],
)
def test_a_rule_tells_apart_no_more_than_it_asks_for(rule: str, *, told: bool) -> None:
    """Of two threads' lines, neither of which waits for the other."""
    claim = read_claim(GETS, rule)
    lines = [("ann gets 1", "bob gets 2"), ("ann gets 1", "bob is done")]
    assert told == any(are_told_apart(claim, one, other) for one, other in lines)


def test_a_rule_that_says_nothing_tells_all_lines_apart() -> None:
    """A new family is right before anybody has thought of it."""
    assert Rule.row_of(object(), object(), ()) == Row()  # type: ignore[arg-type]


# --- the search -----------------------------------------------------------------------------


def place_of(record: Record, writer: int, number: int) -> _Place | None:
    """The line of that number of a thread's."""
    own = f"{OWN_LINES + writer:x}"
    steps = [
        at for at, step in enumerate(record.told) if any(t.object == own for t in step.touches)
    ]
    return _Place(steps[number], writer, None) if number < len(steps) else None


def is_before(outcome: Outcome, one: tuple[int, int], other: tuple[int, int]) -> bool | None:
    """Whether one thread's line of that number came before another's; whether both came."""
    lines: tuple[str, ...] = outcome[0]  # type: ignore[assignment]
    at = []
    for writer, number in (one, other):
        own = [at for at, line in enumerate(lines) if line.split()[0] == str(writer)]
        if number >= len(own):
            return None
        at.append(own[number])
    return at[0] < at[1]


def told_by_a_search(program: Program, one: tuple[int, int], other: tuple[int, int]) -> set[object]:
    """What a reduced search shows of the order of two lines."""
    search = ReducedSearch(lines_commute=True)
    found: set[object] = set()
    while (branch := search.next()) is not None:
        record, outcome = run(program, branch)
        search.add(record)
        places = [place for place in (place_of(record, *one), place_of(record, *other)) if place]
        if search.lines_commute and len(places) == 2 and _has_free(places, pasts_of(record)):
            search.mind_lines("the order of the two")
            found.clear()
        elif record.end != "asleep":
            found.add(is_before(outcome, one, other))
    assert search.is_complete
    return found


def without_orders(outcomes: set[Outcome]) -> set[object]:
    """The outcomes, of which the lines are each thread's own."""
    return {
        (*(tuple(line for line in lines if line[0] == str(thread)) for thread in range(4)), *rest)
        for lines, *rest in outcomes
        if isinstance(lines, tuple)
    }


def outcomes_of(program: Program) -> Iterator[Outcome]:
    """What a search shows whose lines commute."""
    search = ReducedSearch(lines_commute=True)
    while (branch := search.next()) is not None:
        record, outcome = run(program, branch)
        search.add(record)
        if record.end != "asleep":
            yield outcome


@pytest.mark.parametrize("kinds", ["rwlpp", "appc", "tlpn"])
def test_with_lines_that_commute_no_outcome_is_missed_but_orders_of_lines(kinds: str) -> None:
    """What each thread reads and writes, and who is stuck, also where main ends early."""
    for seed in range(40):
        program = random_program(seed, kinds)
        every = enumerate_outcomes(program)
        assert without_orders(set(outcomes_of(program))) == without_orders(every), seed


@pytest.mark.parametrize("kinds", ["rwlpp", "appc", "tlpn"])
def test_an_order_that_somebody_asks_for_is_told_as_by_every_schedule(kinds: str) -> None:
    """Of two lines of different threads, whichever they are."""
    for seed in range(25):
        program = random_program(seed, kinds)
        every = enumerate_outcomes(program)
        for one, other in (((1, 0), (2, 0)), ((2, 1), (1, 0)), ((0, 0), (1, 0)), ((0, 0), (2, 1))):
            expected = {is_before(outcome, one, other) for outcome in every}
            assert told_by_a_search(program, one, other) == expected, (seed, one, other)


def test_lines_alone_are_one_trace() -> None:
    """However many there are."""
    program = (("j1", "j2"), ("p",) * 4, ("p",) * 5)
    assert len(list(outcomes_of(program))) == 1
