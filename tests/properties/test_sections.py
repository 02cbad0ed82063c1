"""sections: who is inside at the same time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.base import Facts
from tests.properties.driver import read_claim, refusal

EVENTS = (
    'enter = "{who:w} enters {lock:d}"\n'
    'leave = "{who:w} leaves {lock:d}"\n'
    'read = "{who:w} reads {lock:d}"\n'
    'done = "{who:w} has read {lock:d}"\n'
    'go = { pattern = "{colour} goes", words = { colour = ["red", "green"] } }\n'
    'stop = { pattern = "{colour} stops", words = { colour = ["red", "green"] } }\n'
    'say = "say {lock}"'
)

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["enters", "leaves"]), st.sampled_from("abc"), st.sampled_from([1, 2])
    ),
    max_size=12,
)
Moves = list[tuple[str, str, int]]


def transcript(moves: Moves) -> str:
    """One line for each move."""
    return "".join(f"{who} {verb} {lock}\n" for verb, who, lock in moves)


def verdict(options: str, lines: str) -> str:
    """The message of the violation, or nothing."""
    rule = f'sections = {{ enter = "enter", leave = "leave", {options} }}'
    violation = read_claim(EVENTS, rule).violation(lines)
    return violation.message if violation else ""


def insiders(moves: Moves) -> list[list[str]] | None:
    """Who is inside after each move; ``None`` if somebody cannot have moved so."""
    inside: list[str] = []
    history = []
    for verb, who, _ in moves:
        if (verb == "enters") == (who in inside):
            return None
        inside = [*inside, who] if verb == "enters" else [w for w in inside if w != who]
        history.append(inside)
    return history


@given(moves=MOVES, most=st.integers(1, 3), left=st.booleans())
def test_named_sections_agree_with_lists_of_insiders(
    moves: Moves, most: int, *, left: bool
) -> None:
    """With ``who``, a limit holds exactly if nobody moves impossibly and the lists stay short."""
    history = insiders(moves)
    holds = (
        history is not None
        and all(len(inside) <= most for inside in history)
        and (not left or not history or not history[-1])
    )
    options = f'at-most = {most}, who = "who", left = {str(left).lower()}'
    assert holds == (verdict(options, transcript(moves)) == "")


@given(moves=MOVES, most=st.integers(1, 3))
def test_nameless_sections_agree_with_a_balance(moves: Moves, most: int) -> None:
    """Without ``who``, the number of enters less that of leaves stays within the limit."""
    balances = [0]
    for verb, _, _ in moves:
        balances.append(balances[-1] + (1 if verb == "enters" else -1))
    holds = 0 <= min(balances) and max(balances) <= most and balances[-1] == 0
    assert holds == (verdict(f"at-most = {most}", transcript(moves)) == "")


@given(moves=MOVES, most=st.integers(1, 2))
def test_places_are_judged_by_themselves(moves: Moves, most: int) -> None:
    """With ``per``, a trace holds exactly if the part of each place holds."""
    parts = [[move for move in moves if move[2] == lock] for lock in (1, 2)]
    options = f'at-most = {most}, who = "who"'
    holds = all(verdict(options, transcript(part)) == "" for part in parts)
    assert holds == (verdict(f'{options}, per = "lock"', transcript(moves)) == "")


@given(moves=MOVES, number=st.integers(1, 3))
def test_reaching_a_number_agrees_with_the_longest_list(moves: Moves, number: int) -> None:
    """That many are inside at some moment, or the violation says how many there were."""
    history = insiders(moves)
    if history is None:
        return
    most = max((len(inside) for inside in history), default=0)
    message = "" if most >= number else f"never {number} inside at the same time"
    options = f'reaches = {number}, who = "who", left = false'
    assert message == verdict(options, transcript(moves))


def test_two_kinds_that_exclude_each_other_are_never_together() -> None:
    """Either kind may be inside, several at a time, but not both kinds."""
    options = 'who = "who", excludes = { enter = "read", leave = "done" }'
    apart = "a reads 1\nb reads 1\na has read 1\nb has read 1\nc enters 1\nc leaves 1\n"
    assert not verdict(options, apart)
    assert "enter while the other kind is inside" == verdict(options, "a reads 1\nc enters 1\n")
    assert "read while the other kind is inside" == verdict(options, "c enters 1\na reads 1\n")
    elsewhere = "c enters 1\na reads 2\na has read 2\nc leaves 1\n"
    assert "read while the other kind is inside" == verdict(options, elsewhere)
    assert not verdict(f'{options}, per = "lock"', elsewhere)


@pytest.mark.parametrize(
    ("lines", "message", "marks"),
    [
        ("a enters 1\nb enters 1\n", "one too many inside", [1, 2]),
        ("a enters 1\na enters 1\n", "a enters while inside", [1, 2]),
        ("a enters 1\nb leaves 1\n", "b leaves without being inside", [2]),
        ("a enters 1\n", "not all leave", [1]),
    ],
)
def test_a_violation_marks_the_lines_that_make_it(
    lines: str, message: str, marks: list[int]
) -> None:
    """Both those inside and the one who breaks the rule are marked."""
    rule = 'sections = { enter = "enter", leave = "leave", at-most = 1, who = "who" }'
    violation = read_claim(EVENTS, rule).violation(lines)
    assert violation is not None
    assert message == violation.message
    assert marks == [mark.line for mark in violation.marks]


def test_a_monitor_keeps_who_is_inside_and_no_more() -> None:
    """Those who have left are forgotten; a place is kept once."""
    rule = 'sections = { enter = "enter", leave = "leave", at-most = 1, who = "who" }'
    claim = read_claim(EVENTS, rule)
    monitor: Any = claim.rule.monitor()
    lines = "".join(f"w{i} enters 1\nw{i} leaves 1\n" for i in range(500))
    assert claim.watch(lines, monitor, Facts()) is None
    ((place,),) = [places.values() for places in monitor.places.values()]
    assert {} == place.who


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            '{ enter = "enter" }',
            'sections: expected the key "leave", which is missing',
        ),
        (
            '{ enter = "enter", leave = "enter[lock=1]", at-most = 1 }',
            'sections: "enter" and "enter[lock=1]" can be the same line',
        ),
        (
            '{ enter = "enter", leave = "leave", at-most = 0 }',
            "sections.at-most: expected a number from 1 on, found 0",
        ),
        (
            '{ enter = "enter", leave = "leave", at-most = 2, reaches = 3 }',
            "sections.reaches: 3 are never inside where at most 2 may be",
        ),
        (
            '{ enter = "enter", leave = "leave", who = "who", per = "who" }',
            'sections.per: "who" already tells one from another; a place needs another field',
        ),
        (
            '{ enter = "go", leave = "stop", who = "colour", at-most = 2 }',
            'sections.at-most: nothing can break this: there are only 2 "colour"',
        ),
        (
            '{ enter = "go", leave = "stop", who = "colour", reaches = 3 }',
            'sections.reaches: nothing can reach this: there are only 2 "colour"',
        ),
        (
            '{ enter = "enter", leave = "leave", excludes = { enter = "read" } }',
            'sections.excludes: expected the key "leave", which is missing',
        ),
        (
            '{ enter = "enter", leave = "leave", excludes = { enter = "read", leave = "leave" } }',
            'sections: "leave" and "leave" can be the same line',
        ),
        (
            '{ enter = "enter", leave = "say", per = "lock" }',
            "sections.per: a number and a text are never the same",
        ),
    ],
)
def test_senseless_sections_are_refused(rule: str, message: str) -> None:
    """What no trace could break or fulfil does not load."""
    assert message == refusal(EVENTS, f"sections = {rule}")
