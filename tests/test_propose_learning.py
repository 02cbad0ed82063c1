"""Patterns that are learned from lines."""

from __future__ import annotations

import tomllib
from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from harness.authoring.propose.learning import learn_events
from harness.authoring.propose.writing import _body
from harness.language.patterns import Matcher, compile_pattern, overlap


def _patterns(*lines: str) -> list[str]:
    return [event.pattern for event in learn_events(lines)]


def test_numbers_become_fields() -> None:
    """Lines that differ in numbers only are one event."""
    assert ["worker {worker:d}: step {step:d}"] == _patterns("worker 1: step 0", "worker 2: step 1")


def test_decimal_numbers_become_decimal_fields() -> None:
    """A measured time is a decimal number."""
    assert ["took {amount:f} s"] == _patterns("took 0.25 s", "took 1.5 s")


def test_a_word_that_differs_becomes_a_field() -> None:
    """Two threads that say the same under their names are one event."""
    assert ["{word:w} enters"] == _patterns("ann enters", "bob enters")


def test_different_sayings_stay_apart() -> None:
    """Lines that differ in more than one word are different events."""
    assert ["main goes on", "worker has ended"] == _patterns("main goes on", "worker has ended")


def test_braces_are_literal() -> None:
    """What is printed in braces is no field."""
    assert ["{{x}} {x:d}"] == _patterns("{x} 1")


def test_names_are_unique() -> None:
    """Each event has a name of its own that a spec would take."""
    names = [event.name for event in learn_events(["a b!", "a b?", "1", "2.5"])]
    assert len(names) == len(set(names)) == 4


@given(st.lists(st.text(alphabet="ab c1.2{}é-", min_size=1, max_size=12), max_size=8))
def test_every_line_is_just_one_event(lines: list[str]) -> None:
    """Whatever the lines, each is an event that was learned, and of no two."""
    patterns = [compile_pattern(event) for event in learn_events(lines)]
    matcher = Matcher(patterns)
    for line in lines:
        assert not line.strip() or matcher.recognise(line)
    for pair in combinations(patterns, 2):
        assert overlap(*pair) is None


def test_a_long_proposal_goes_on_in_the_next_line() -> None:
    """Its lists do, between their items; and it is the TOML that it was."""
    names = [f"thread number {n}, of many" for n in range(9)]
    body: dict[str, object] = {"of": "hello.word", "permutation-of": names}
    lines = "\n".join(_body("values", body))
    assert all(len(line) <= 80 for line in lines.splitlines())
    assert {"values": body} == tomllib.loads(lines)
    refusal: dict[str, object] = {"code": "E0373", "at": "x" * 50, "mended": "mended"}
    lines = "\n".join(_body("compile-error", refusal))
    assert all(len(line) <= 80 for line in lines.splitlines())
    assert {"compile-error": refusal} == tomllib.loads(lines)
    assert 1 == len(list(_body("count", {"of": "hello", "is": [1, 2]})))


@given(st.text())
@example("\x7f")
def test_a_proposal_says_whatever_was_printed(text: str) -> None:
    """Whatever a program prints, what is proposed of it is TOML, and says that text."""
    body: dict[str, object] = {"of": "said.word", "are": [text]}
    assert {"values": body} == tomllib.loads("\n".join(_body("values", body)))
