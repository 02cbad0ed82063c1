"""freedom: how many interleavings a spec allows; held against the monitors, word by word."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from itertools import permutations, product
from math import comb, factorial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging.claims import Claims, make_claims
from harness.judging.freedom import (
    AllowedCount,
    Reinterleavings,
    allowed_interleavings,
    random_allowed,
)
from harness.judging.freedom import counting as counting_module
from harness.judging.judge import judge_run
from harness.judging.trace import read_trace
from harness.language.declarations import Property, Spec
from harness.language.patterns import compile_pattern
from harness.language.properties.registry import FAMILIES
from harness.language.tables import Source, Table
from harness.values.program import EventSpec, Program, Scope, Side
from harness.values.run import Deadlocked, Ending, Exited, Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PROGRAM = Program(name="main", side=Side.PYTHON, path="main.py")
END = Exited(0)
PAIR = """
    worker = "worker {i:d}"
    main = "main {i:d}"
"""


def claims_of(events: str, *rules: str) -> Claims:
    """The claims of a program whose every run keeps these rules."""
    data = tomllib.loads(f"[events]\n{events}")["events"]
    specs = tuple(_event(name, value) for name, value in data.items())
    patterns = {spec.name: compile_pattern(spec) for spec in specs}
    properties = []
    for number, text in enumerate(rules):
        ((family, inner),) = tomllib.loads(text).items()
        table = Table(Source(Path("example.toml"), text), family, inner)
        rule = FAMILIES[family].parse(table, patterns)
        properties.append(Property(name=f"rule-{number}", why="", family=family, rule=rule))
    spec = Spec(
        directory=Path("/corpus/topic/name"), name="name", topic="topic", title="", summary="",
        events=specs, programs=(PROGRAM,), properties=tuple(properties),
    )  # fmt: skip
    return make_claims(spec, PROGRAM, unmet=lambda _: "")


def _event(name: str, value: str | dict[str, object]) -> EventSpec:
    if isinstance(value, str):
        return EventSpec(name=name, pattern=value)
    return EventSpec(name=name, **value)  # type: ignore[arg-type]


def run_of(lines: Iterable[str], ending: Ending = END) -> Run:
    """A run that printed these lines."""
    return Run(
        side=Side.PYTHON, program="main", toolchain="t", schedule="plain", index=0,
        ending=ending, stdout="".join(f"{line}\n" for line in lines).encode(),
    )  # fmt: skip


def passes(claims: Claims, lines: Sequence[str]) -> bool:
    """Whether no monitor of an every-run property refuses the lines."""
    names = {prop.name for prop in claims.of_scope(Scope.EVERY_RUN)}
    hangs = any(prop.family == "hang" for prop in claims.properties)
    findings = judge_run(claims, run_of(lines, Deadlocked() if hangs else END)).findings
    return not any(finding.property in names for finding in findings)


# --- against brute force --------------------------------------------------------------

EVENTS = """
    a = { pattern = "a {k} {i}", words = { k = ["x", "y"], i = ["p", "q"] } }
    b = { pattern = "b {k}", words = { k = ["x", "y"] } }
    c = "c"
"""
LETTERS = ("a x p", "a x q", "a y p", "a y q", "b x", "b y", "c")
LONGEST = 4
BOUNDS = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1)).filter(
    lambda most: 0 < sum(most) <= LONGEST
)
RULES = (
    'order = { chain = ["a", "b"] }',
    'order = { chain = ["c", ["a", "b"]] }',
    'order = { chain = ["a[i=p]", "a[i=q]", "c"] }',
    'order = { chain = ["a[i=p]", "a[i=q]"], same = "k" }',
    'order = { chain = ["a", "b"], same = ["a.k", "b.k"] }',
    'order = { chain = ["b", "a"], first = true }',
    'order = { chain = ["a[i=p]", "b", "c"], first = true }',
    'order = { chain = ["b", "a"], same = "k", first = true }',
    'values = { of = "a.k", are = ["x", "y"] }',
    'values = { of = "a.k", are = ["x", "y", "x"] }',
    'values = { of = "b.k", prefix-of = ["y", "x"] }',
    'values = { of = "a.i", permutation-of = ["p", "p", "q"] }',
    'values = { of = "a[k=x].i", permutation-of = ["p", "q"] }',
    'values = { of = "a.k", among = ["y"] }',
    'values = { of = "a.i", distinct = true }',
    'values = { of = "a.i", increasing = true }',
    'values = { of = "a.i", increasing = true, same = "k" }',
    'values = { of = "a.i", distinct = true, same = "k" }',
    'values = { of = "a.i", are = ["p", "q"], same = "k" }',
    'values = { of = "a.i", prefix-of = ["q", "p"], same = "k" }',
    'values = { of = "a.i", permutation-of = ["p", "q"], same = "k" }',
    'count = { of = ["a", "b"], at-least = 2 }',
    'count = { of = ["a", "b"], is = 2, same = "k" }',
    'count = { of = "c", is = 1 }',
    'count = { of = "a[i=p]", at-least = 1, at-most = 2 }',
    'sections = { enter = "a[i=p]", leave = "a[i=q]", at-most = 1 }',
    'sections = { enter = "a[i=p]", leave = "a[i=q]", who = "k" }',
    'sections = { enter = "a[i=p]", leave = "a[i=q]", who = "k", at-most = 1 }',
    'sections = { enter = "a[i=p]", leave = "a[i=q]", who = "k", reaches = 2, left = false }',
    'sections = { enter = "a[i=p]", leave = "a[i=q]", at-most = 1, per = "k", left = false }',
    'sections = { enter = "a", leave = "b", who = "k" }',
    (
        'sections = { enter = "a[i=p]", leave = "a[i=q]", left = false, '
        'excludes = { enter = "b[k=x]", leave = "b[k=y]" } }'
    ),
    'overlap = { of = ["a", "b"] }',
    (
        'outcomes = { of = ["a", "b"], are = ['
        '{ is = ["b", "a"], acceptable = "w" }, '
        '{ is = ["a"], interesting = "w" }] }'
    ),
    (
        'outcomes = { of = "b.k", are = ['
        '{ is = "y", acceptable = "w" }, '
        '{ is = "x", forbidden = "w" }] }'
    ),
    (
        'outcomes = { of = ["b.k", "a.i"], are = ['
        '{ is = ["y", "p"], acceptable = "w" }, '
        '{ is = ["x", "q"], sometimes = "w" }] }'
    ),
    'hang = { after = ["b"] }',
    "each = { of = \"a\", holds = \"k == 'x' or i == 'p'\" }",
    'each = { of = "b", holds = "k != \'y\'" }',
)


def words(bounds: tuple[int, int, int]) -> Iterator[tuple[str, ...]]:
    """Every row of lines with no more of each event than its bound."""
    for length in range(sum(bounds) + 1):
        for word in product(LETTERS, repeat=length):
            counts = Counter(line[0] for line in word)
            if all(counts[event] <= most for event, most in zip("abc", bounds, strict=True)):
                yield word


def claims_within(bounds: tuple[int, int, int], rules: Iterable[str]) -> Claims:
    """The rules, and no more lines of each event than its bound."""
    events = zip("abc", bounds, strict=True)
    limits = [f'count = {{ of = "{event}", at-most = {most} }}' for event, most in events]
    return claims_of(EVENTS, *limits, *rules)


@settings(max_examples=25)
@given(bounds=BOUNDS, rules=st.lists(st.sampled_from(RULES), max_size=3, unique=True))
def test_as_many_orders_are_counted_as_the_monitors_let_pass(
    bounds: tuple[int, int, int], rules: list[str]
) -> None:
    """The count is that of all rows of lines that every monitor accepts."""
    claims = claims_within(bounds, rules)
    allowed = sum(passes(claims, word) for word in words(bounds))
    assert AllowedCount(exact=allowed) == allowed_interleavings(claims)


@pytest.mark.parametrize("rule", RULES)
def test_each_kind_of_rule_is_counted_as_its_monitor_judges(rule: str) -> None:
    """Each rule alone, with at most two lines of a and of b: the same number as by brute force."""
    claims = claims_within((2, 2, 0), [rule])
    allowed = sum(passes(claims, word) for word in words((2, 2, 0)))
    assert AllowedCount(exact=allowed) == allowed_interleavings(claims)


@settings(max_examples=20)
@given(
    bounds=BOUNDS,
    rules=st.lists(st.sampled_from(RULES), max_size=2, unique=True),
    rng=st.randoms(use_true_random=False),
)
def test_reinterleavings_are_the_orders_of_the_same_lines_that_pass(
    bounds: tuple[int, int, int], rules: list[str], rng: random.Random
) -> None:
    """Of a run that passed, they are counted as brute force does, and each that is drawn passes."""
    claims = claims_within(bounds, rules)
    accepted = [word for word in words(bounds) if passes(claims, word)]
    if not accepted:
        return
    recorded = rng.choice(accepted)
    orders = {order for order in permutations(recorded) if passes(claims, order)}
    lines = read_trace(run_of(recorded).stdout, claims.stdout, mend=False).lines
    others = Reinterleavings(claims, lines)
    assert len(orders) == others.count()
    assert {others.draw(rng) for _ in range(5)} <= orders


def test_a_random_allowed_run_is_any_of_those_counted() -> None:
    """Drawing often enough gives every allowed run, and nothing else, about equally often."""
    claims = claims_of(
        PAIR,
        'values = { of = "worker.i", are = "0..3" }',
        'values = { of = "main.i", are = "0..2" }',
    )
    rng = random.Random(7)
    drawn = Counter(random_allowed(claims, rng) for _ in range(2_000))
    assert comb(5, 2) == len(drawn)
    assert all(passes(claims, lines) for lines in drawn)
    assert 140 < min(drawn.values())


# --- known numbers --------------------------------------------------------------------


def test_two_independent_rows_are_shuffled() -> None:
    """Ten lines and five lines, each in order: 15 over 5."""
    claims = claims_of(
        PAIR,
        'values = { of = "worker.i", are = "0..10" }',
        'values = { of = "main.i", are = "0..5" }',
    )
    assert AllowedCount(exact=3003) == allowed_interleavings(claims)


def test_a_join_leaves_one_order() -> None:
    """All of one before all of the other, each in order: 1."""
    claims = claims_of(
        PAIR,
        'values = { of = "worker.i", are = "0..10" }',
        'values = { of = "main.i", are = "0..5" }',
        'order = { chain = ["worker", "main"] }',
    )
    assert AllowedCount(exact=1) == allowed_interleavings(claims)


def test_a_prefix_is_summed_over_its_lengths() -> None:
    """None to ten lines of one among five of the other: the sum of n + 5 over 5."""
    claims = claims_of(
        PAIR,
        'values = { of = "worker.i", prefix-of = "0..10" }',
        'values = { of = "main.i", are = "0..5" }',
    )
    assert AllowedCount(exact=sum(comb(n + 5, 5) for n in range(11))) == allowed_interleavings(
        claims
    )


def test_pairs_in_order_per_key_are_multiplied() -> None:
    """Thirty begins, each before its own end, and nothing else: 60! / 2^30."""
    claims = claims_of(
        'begin = "begin {i:d}"\n end = "end {i:d}"',
        'values = { of = "begin.i", permutation-of = "0..30" }',
        'values = { of = "end.i", permutation-of = "0..30" }',
        'order = { chain = ["begin", "end"], same = "i" }',
    )
    assert AllowedCount(exact=factorial(60) // 2**30) == allowed_interleavings(claims)


@pytest.mark.parametrize(
    ("example", "side", "expected"),
    [("life-cycle/spawn", Side.RUST, 3003), ("life-cycle/join", Side.PYTHON, 1),
     ("scope/shared-reads", Side.RUST, 4)],
)  # fmt: skip
def test_the_corpus_allows_what_its_pages_say(example: str, side: Side, expected: int) -> None:
    """The numbers that the examples are explained by are those that their specs allow."""
    from harness.language.spec import load_spec  # noqa: PLC0415 - only this test reads the corpus

    spec = load_spec(Path(__file__).parent.parent / "examples" / example)
    program = spec.program(side, "main")
    assert program is not None
    claims = make_claims(spec, program, unmet=lambda _: "")
    assert AllowedCount(exact=expected) == allowed_interleavings(claims)


# --- estimates --------------------------------------------------------------------------


def test_what_has_too_many_states_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate lies within a few of its own standard errors of the number."""
    claims = claims_of(
        'begin = "begin {i:d}"\n end = "end {i:d}"',
        'values = { of = "begin.i", permutation-of = "0..4" }',
        'values = { of = "end.i", permutation-of = "0..4" }',
        'sections = { enter = "begin", leave = "end", at-most = 2, who = "i" }',
    )
    exact = allowed_interleavings(claims).exact
    monkeypatch.setattr(counting_module, "EFFORT", 10)
    count = allowed_interleavings(claims)
    assert exact is not None
    assert count.estimate is not None
    assert count.exact is None
    assert 0 < count.error < 0.1
    assert abs(count.estimate / exact - 1) < 4 * count.error
    assert passes(claims, random_allowed(claims, random.Random(1)))


# --- what cannot be counted ---------------------------------------------------------------


def test_lines_without_an_upper_bound_are_not_countable() -> None:
    """At least three lines may be any number."""
    claims = claims_of('tick = "tick"', 'count = { of = "tick", at-least = 3 }')
    assert AllowedCount(why="nothing limits how often a tick line comes") == allowed_interleavings(
        claims
    )


def test_values_that_nothing_lists_are_not_countable() -> None:
    """Three lines that may each hold any number."""
    claims = claims_of('tick = "tick {i:d}"', 'count = { of = "tick", is = 3 }')
    assert AllowedCount(why="no property lists every value of tick.i") == allowed_interleavings(
        claims
    )
    with pytest.raises(ValueError, match="no order of lines was found"):
        random_allowed(claims, random.Random(1))


def test_a_value_that_follows_from_the_others_adds_no_freedom() -> None:
    """A total that equals a sum of listed values is one value, and needs no list of its own."""
    claims = claims_of(
        'part = "part {n:d}"\n total = "total {n:d}"',
        'values = { of = "part.n", permutation-of = [1, 2, 3] }',
        'relation = { holds = "total.n == sum(part.n)" }',
        'order = { chain = ["part", "total"] }',
    )
    assert AllowedCount(exact=6) == allowed_interleavings(claims)


def test_a_field_that_follows_from_its_line_adds_no_freedom() -> None:
    """A square is one value for each number; and lines that are wrong are none."""
    squares = claims_of(
        'gets = "gets {n:d}: {square:d}"',
        'values = { of = "gets.n", permutation-of = [1, 2, 3] }',
        'each = { of = "gets", holds = "square == n ** 2" }',
    )
    assert AllowedCount(exact=6) == allowed_interleavings(squares)
    both = (
        'values = { of = "gets.n", permutation-of = [1, 2] }',
        'values = { of = "gets.square", permutation-of = [1, 4] }',
        'each = { of = "gets", holds = "square == n ** 2" }',
    )
    assert AllowedCount(exact=2) == allowed_interleavings(
        claims_of('gets = "gets {n:d}: {square:d}"', *both)
    )


def test_a_relation_that_asks_for_the_last_makes_an_upper_bound() -> None:
    """What is not counted in is named: two of six orders end with a 3."""
    claims = claims_of(
        'part = "part {n:d}"',
        'values = { of = "part.n", permutation-of = [1, 2, 3] }',
        'relation = { holds = "last(part.n) == 3" }',
    )
    count = allowed_interleavings(claims)
    assert AllowedCount(exact=6, uncovered=("rule-1",)) == count
    assert ("≤ 6", "6 at most (rule-1 not counted in)") == (count.short, str(count))


def test_too_many_different_lines_are_not_reckoned_with() -> None:
    """A million different lines are refused, not waited for."""
    claims = claims_of('tick = "tick {i:d}"', 'values = { of = "tick.i", are = "0..1000000" }')
    assert allowed_interleavings(claims).exact is None


def test_a_line_that_is_no_event_has_no_other_order() -> None:
    """Reinterleaving is for runs that violated nothing."""
    claims = claims_of('tick = "tick"', 'count = { of = "tick", is = 1 }')
    lines = read_trace(b"tock\n", claims.stdout, mend=False).lines
    with pytest.raises(ValueError, match="line 1 is no event"):
        Reinterleavings(claims, lines)


@pytest.mark.parametrize(
    ("count", "short", "text"),
    [
        (AllowedCount(exact=3003), "3,003", "3,003"),
        (AllowedCount(exact=12 * 10**18), "1.2e+19", "1.2e+19"),
        (AllowedCount(estimate=5000, error=0.031), "~5,000", "about 5,000 (± 3.1 %)"),
        (AllowedCount(why="x"), "?", "a number that cannot be counted: x"),
    ],
)
def test_a_count_says_how_sure_it_is(count: AllowedCount, short: str, text: str) -> None:
    """Exact, estimated or unknown: a reader sees which."""
    assert (short, text) == (count.short, str(count))
