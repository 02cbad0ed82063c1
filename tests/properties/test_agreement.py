"""agreement: both sides, in every run, print the same."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.properties.agreement import SHOWN_LINES
from harness.language.properties.base import Across
from harness.site.words import words_of
from harness.values.finding import Violation
from harness.values.program import Scope, Side
from tests.properties.driver import Claim, read_claim, refusal

EVENTS = 'item = "item {i:d}"\ntotal = "total: {value:d}"'
NUMBERS = st.lists(st.integers(0, 2), max_size=4)
OUTCOMES = """outcomes = { of = "total.value", are = [
    { is = 6, acceptable = "none lost" },
    { is = "3..=5", interesting = "some lost" },
] }"""


def items(numbers: list[int]) -> str:
    """One line for each number."""
    return "".join(f"item {number}\n" for number in numbers)


def judged(claim: Claim, python: list[str], rust: list[str], side: Side) -> list[Violation]:
    """What is wrong with these runs."""
    return list(claim.rule.across(claim.across(side, python, rust)))


@given(python=NUMBERS, rust=NUMBERS, side=st.sampled_from(Side))
def test_values_agree_as_lists_as_multisets_or_as_sets(
    python: list[int], rust: list[int], side: Side
) -> None:
    """Each way to compare agrees with Python's own list, Counter and set."""
    ways = {"sequence": list, "multiset": Counter, "set": set}
    for way, make in ways.items():
        claim = read_claim(EVENTS, f'agreement = {{ of = "item.i", as = "{way}" }}')
        found = judged(claim, [items(python)], [items(rust)], side)
        assert (make(python) == make(rust)) == (found == [])


def test_a_disagreement_shows_what_each_side_printed() -> None:
    """Python's is what is expected and Rust's what is found, whichever side is judged."""
    claim = read_claim(EVENTS, 'agreement = { of = "item.i", as = "sequence" }')
    for side in Side:
        (violation,) = judged(claim, [items([1, 2])], [items([1, 3])], side)
        assert "python and rust do not agree from value 2 on" == violation.message
        assert ("2", "3") == (violation.expected, violation.found)
    (violation,) = judged(claim, [items([1, 2])], [items([1])], Side.RUST)
    assert ("2", "the end") == (violation.expected, violation.found)


def test_runs_of_one_side_have_to_agree_with_each_other() -> None:
    """A side that does not agree with itself is told so, and only it."""
    claim = read_claim(EVENTS, 'agreement = { of = "item.i", as = "multiset" }')
    runs = [items([1]), items([1]), items([2])]
    (violation,) = judged(claim, runs, [items([1])], Side.PYTHON)
    assert "the runs of python do not agree" == violation.message
    assert ("1", "2") == (violation.expected, violation.found)
    assert [] == judged(claim, [items([1])] * 2, [], Side.PYTHON)


def judged_apart(
    toolchain: tuple[Side, str], **printed: list[int] | list[list[int]]
) -> list[tuple[str, str, str]]:
    """What is wrong with a toolchain, where each printed this in its runs (``python_3_14=…``)."""
    claim = read_claim(EVENTS, 'agreement = { of = "item.i", as = "sequence" }')
    apart: dict[tuple[Side, str], Counter[object]] = {}
    for name, runs in printed.items():
        word, _, label = name.partition("_")
        listed = runs if runs and isinstance(runs[0], list) else [runs]
        seen = (claim.observed(items(each)) for each in listed)  # type: ignore[arg-type]
        apart[Side(word), label.replace("_", ".")] = Counter(seen)
    observed = {each: Counter[object]() for each in Side}
    for (side_of, _), counts in apart.items():
        observed[side_of].update(counts)
    runs_of = {each: counts.total() for each, counts in observed.items()}
    side, label = toolchain
    seen_all = Across(side=side, observed=observed, runs=runs_of, toolchain=label, apart=apart)
    return [(v.message, v.expected, v.found) for v in claim.rule.across(seen_all)]


def test_a_disagreement_names_the_two_toolchains() -> None:
    """With one a side, nobody can say which of them is wrong: both are told."""
    for one in ((Side.PYTHON, "3.14"), (Side.RUST, "stable")):
        (found,) = judged_apart(one, python_3_14=[1, 3], rust_stable=[1, 2])
        assert ("python 3.14 and rust stable do not agree from value 2 on", "3", "2") == found


def test_what_one_interpreter_does_is_laid_at_no_others_door() -> None:
    """Of several toolchains it is the one that disagrees with the others which is told."""
    printed = {
        "python_3_13": [1, 2], "python_3_14": [1, 3], "python_pypy3_11": [1, 2],
        "rust_stable": [1, 2],
    }  # fmt: skip
    for innocent in ((Side.PYTHON, "3.13"), (Side.PYTHON, "pypy3.11"), (Side.RUST, "stable")):
        assert [] == judged_apart(innocent, **printed)
    (found,) = judged_apart((Side.PYTHON, "3.14"), **printed)
    assert ("python 3.14 and rust stable do not agree from value 2 on", "3", "2") == found
    (found,) = judged_apart((Side.PYTHON, "3.14"), python_3_13=[1], python_3_14=[2])
    assert ("python 3.13 and python 3.14 do not agree from value 1 on", "1", "2") == found


def test_a_toolchain_that_disagrees_with_itself_is_told_alone() -> None:
    """What it prints most often is held against the others'."""
    printed = {"python_3_13": [1], "python_3_14": [[1], [1], [2]], "rust_stable": [1]}
    (found,) = judged_apart((Side.PYTHON, "3.14"), **printed)  # type: ignore[arg-type]
    assert ("the runs of python 3.14 do not agree from value 1 on", "1", "2") == found
    assert [] == judged_apart((Side.PYTHON, "3.13"), **printed)  # type: ignore[arg-type]
    assert [] == judged_apart((Side.RUST, "stable"), **printed)  # type: ignore[arg-type]


def test_a_disagreement_of_toolchains_is_told_in_korean() -> None:
    """The page says which two, and from where on."""
    (found,) = judged_apart((Side.PYTHON, "3.14"), python_3_14=[1, 3], rust_stable=[1, 2])
    korean = words_of("ko").phrase(found[0]).text
    assert korean == "출력이 서로 다르다: 파이썬 3.14, 러스트 stable (2번째 값부터)"


def test_output_is_compared_line_by_line() -> None:
    """The text counts, not only the values; and so does what comes after the lines shown."""
    claim = read_claim(EVENTS, 'agreement = { of = "output" }')
    assert [] == judged(claim, ["item 1\n"], ["item 1\n"], Side.RUST)
    (violation,) = judged(claim, ["item 1\nitem 02\n"], ["item 1\nitem 2\n"], Side.RUST)
    assert "python and rust do not agree from line 2 on" == violation.message
    assert ("item 02", "item 2") == (violation.expected, violation.found)
    long = "item 1\n" * SHOWN_LINES
    (violation,) = judged(claim, [long + "item 2\n"], [long + "item 3\n"], Side.RUST)
    assert f"python and rust do not agree from line {SHOWN_LINES + 1} on" == violation.message


def test_outcomes_of_another_property_are_compared_by_entry() -> None:
    """Both sides have to have shown the same entries, whatever numbers made them up."""
    rule = read_claim(EVENTS, 'agreement = { of = "outcomes", property = "lost" }').rule
    assert "lost" == rule.needs
    outcomes = read_claim(EVENTS, OUTCOMES)
    claim = Claim(rule.linked(outcomes.rule), outcomes.events)
    assert (Scope.SOME_RUN,) == claim.rule.allowed_scopes
    python = ["total: 6\n", "total: 4\n"]
    assert [] == judged(claim, python, ["total: 3\n", "total: 6\n"], Side.RUST)
    (violation,) = judged(claim, python, ["total: 6\n"], Side.RUST)
    assert "the sides have not shown the same outcomes" == violation.message
    assert ("python: 6; 3..=5", "rust: 6") == (violation.expected, violation.found)
    assert [] == judged(claim, python, [], Side.PYTHON)


def test_only_outcomes_can_be_looked_at() -> None:
    """Another family's rule has no outcomes to compare."""
    rule = read_claim(EVENTS, 'agreement = { of = "outcomes", property = "lost" }').rule
    with pytest.raises(TypeError, match="expected outcomes, found count"):
        rule.linked(read_claim(EVENTS, 'count = { of = "item", is = 1 }').rule)


def test_it_is_about_both_sides() -> None:
    """Which programs it compares, its property says."""
    rule = read_claim(EVENTS, 'agreement = { of = "output" }').rule
    assert ((None,), True) == (rule.allowed_sides, rule.compares_sides)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ of = "item.i" }', '.as: expected "sequence", "multiset" or "set"'),
        (
            '{ of = "item.i", as = "sett" }',
            (
                '.as: expected one of "sequence", "multiset", "set", found "sett" '
                '(did you mean "set"?)'
            ),
        ),
        ('{ of = "output", as = "set" }', ".as: output is compared as a text, line by line"),
        (
            '{ of = "outcomes", property = "lost", as = "set" }',
            ".as: outcomes are compared as a set",
        ),
        (
            '{ of = "outcomes" }',
            ".property: expected the name of the property that lists the outcomes",
        ),
        (
            '{ of = "output", property = "lost" }',
            '.property: expected only with of = "outcomes"',
        ),
    ],
)
def test_a_senseless_agreement_is_refused(rule: str, message: str) -> None:
    """What cannot be compared does not load."""
    assert f"agreement{message}" == refusal(EVENTS, f"agreement = {rule}")
