"""each: what is true of every line by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.selectors import Selector
from harness.values.finding import Mark
from tests.properties.driver import read_claim, refusal

EVENTS = (
    'gets = "gets {n:d}: {square:d}"\nmoved = "{giver:w} gives {taker:w} {sum:f}"\ndone = "done"'
)
SQUARES = 'each = { of = "gets", holds = "square == n ** 2" }'
PAIRS = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 9)), max_size=5)


@given(pairs=PAIRS)
def test_a_run_keeps_it_where_every_line_does(pairs: list[tuple[int, int]]) -> None:
    """Of no line it is true, too; the first that does not keep it is the violation."""
    violation = read_claim(EVENTS, SQUARES).violation(
        "".join(f"gets {n}: {square}\n" for n, square in pairs)
    )
    wrong = [line for line, (n, square) in enumerate(pairs, 1) if square != n**2]
    assert wrong[:1] == [mark.line for mark in (violation.marks if violation else ())]


def test_the_line_is_shown_with_what_both_sides_come_to() -> None:
    """Beside what was expected of it."""
    violation = read_claim(EVENTS, SQUARES).violation("gets 2: 4\ngets 3: 8\ngets 3: 7\n")
    assert violation is not None
    assert "a gets line does not keep it" == violation.message
    assert (Mark(line=2, note="square = 8, n ** 2 = 9"),) == violation.marks
    assert ("square == n ** 2", "square = 8, n ** 2 = 9") == (violation.expected, violation.found)


def test_texts_decimals_and_words_that_connect_are_taken() -> None:
    """As in a relation."""
    claim = read_claim(EVENTS, 'each = { of = "moved", holds = "giver != taker and abs(sum) < 2" }')
    assert None is claim.violation("ann gives bob -1.5\nbob gives ann 0.5\n")
    assert claim.violation("ann gives ann 1.0\n")
    assert claim.violation("ann gives bob 2.0\n")


def test_only_the_lines_that_are_selected_are_looked_at() -> None:
    """Others may hold what they like."""
    claim = read_claim(EVENTS, 'each = { of = "gets[n=2]", holds = "square == 4" }')
    assert None is claim.violation("gets 3: 5\ngets 2: 4\n")
    assert claim.violation("gets 2: 5\n")


def test_what_cannot_be_told_is_a_violation() -> None:
    """With the reason."""
    claim = read_claim(EVENTS, 'each = { of = "gets", holds = "square / n >= 0" }')
    violation = claim.violation("gets 1: 4\ngets 0: 4\n")
    assert violation is not None
    assert "a gets line does not keep it: it cannot be told, 4 / 0 divides by zero" == (
        violation.message
    )


def test_it_says_what_it_is_about() -> None:
    """A sentence, its lines, and that no end is needed to see it broken."""
    rule = read_claim(EVENTS, SQUARES).rule
    assert "`square == n ** 2` holds of each `gets` line" == rule.sentence()
    assert [Selector(event="gets")] == list(rule.selectors())
    assert not rule.needs_the_end


@pytest.mark.parametrize(("rule", "message"), [
    pytest.param('{ of = "gets", holds = "sqare == n" }',
                 '.holds: "sqare" is no field of "gets" (did you mean "square"?); '
                 'expected one of "n", "square"', id="no field"),
    pytest.param('{ of = "done", holds = "n == 1" }',
                 '.holds: "n" is no field of "done"; expected a field, and it has none',
                 id="an event without fields"),
    pytest.param('{ of = "gets", holds = "gets.n == 1" }',
                 '.holds: "gets.n" is no field of "gets"; expected one of "n", "square"',
                 id="a field with its event"),
    pytest.param('{ of = "gets", holds = "sum(n) == 1" }',
                 '.holds: "sum" is no field of "gets"; expected one of "n", "square"',
                 id="a function over lines"),
    pytest.param('{ of = "gets", holds = "count(gets) == 1" }',
                 '.holds: "count(gets)" is no field of "gets"; expected one of "n", "square"',
                 id="a number of lines"),
    pytest.param('{ of = "gets", holds = "n" }',
                 '.holds: expected a comparison, such as "a.x == b.y", found "n"',
                 id="no comparison"),
    pytest.param('{ of = "gets", holds = "1 == 2" }',
                 ".holds: nothing can break this, or all can: no field is mentioned",
                 id="no field at all"),
    pytest.param('{ of = "gets", holds = "n == n" }', '.holds: "n" is compared with itself',
                 id="a field with itself"),
    pytest.param('{ of = "moved", holds = "giver == sum" }',
                 '.holds: "giver" is a text, "sum" is a number', id="a text with a number"),
    pytest.param('{ of = ["gets"], holds = "n == 1" }', ".of: expected a text, found a list",
                 id="several events"),
    pytest.param('{ of = "gets" }', ': expected the key "holds", which is missing', id="nothing"),
])  # fmt: skip
def test_what_is_no_truth_of_a_line_is_refused(rule: str, message: str) -> None:
    """With the word that is wrong, and the nearest right one."""
    assert f"each{message}" == refusal(EVENTS, f"each = {rule}")
