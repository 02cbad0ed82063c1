"""relation: arithmetic over what is printed."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.values.errors import SpecError
from tests.properties.driver import Claim, read_claim, refusal

EVENTS = (
    'part = "part {who:d}: {value:d}"\n'
    'the-total = "total: {value:d}"\n'
    'ratio = "ratio: {value:f}"\n'
    'word = "word: {text:w}"'
)
PARTS = st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 5)), max_size=6)


def outcome(holds: str, lines: str) -> str:
    """What is found where the relation does not hold, or nothing."""
    violation = read_claim(EVENTS, f"relation = {{ holds = '''{holds}''' }}").violation(lines)
    return violation.found if violation else ""


def transcript(parts: list[tuple[int, int]], total: int) -> str:
    """One line for each part, and the total."""
    return "".join(f"part {who}: {value}\n" for who, value in parts) + f"total: {total}\n"


@given(parts=PARTS, total=st.integers(-10, 10))
def test_functions_agree_with_those_of_python(parts: list[tuple[int, int]], total: int) -> None:
    """Each function over fields is what Python's function over the list of values is."""
    values = [value for _, value in parts]
    lines = transcript(parts, total)
    ones = [value for who, value in parts if who == 1]
    relations = {
        "the-total.value == sum(part.value)": total == sum(values),
        "the-total.value < len(part.value)": total < len(values),
        "count(part) <= the-total.value": len(values) <= total,
        "len(set(part.value)) == the-total.value": len(set(values)) == total,
        "sum(part[who=1].value) != the-total.value": sum(ones) != total,
        "count(part[who=1]) > 1 or the-total.value > 0": len(ones) > 1 or total > 0,
        "not (0 <= the-total.value < 5)": not 0 <= total < 5,
        "abs(-the-total.value) ** 2 % 7 == the-total.value * the-total.value % 7": True,
        "sorted(part.value) == sorted(part[who=1].value)": sorted(values) == sorted(ones),
        "set(part.value) == set(part[who=1].value)": set(values) == set(ones),
    }
    if values:
        relations |= {
            "min(part.value) < the-total.value <= max(part.value)": (
                min(values) < total <= max(values)
            ),
            "first(part.value) - last(part.value) == the-total.value // 3": (
                values[0] - values[-1] == total // 3
            ),
        }
    for holds, expected in relations.items():
        assert expected == (outcome(holds, lines) == ""), holds


def test_a_hyphen_in_a_name_is_no_minus() -> None:
    """``the-total.value`` is one field; a minus stands between two."""
    assert not outcome("the-total.value - part.value == 1", "part 1: 2\ntotal: 3\n")
    assert not outcome("part.value-the-total.value == -1", "part 1: 2\ntotal: 3\n")


@pytest.mark.parametrize(
    ("holds", "found"),
    [
        ("the-total.value == sum(part.value)", "the-total.value = 7, sum(part.value) = 3"),
        ("the-total.value < 5", "the-total.value = 7"),
        ("sorted(part.value) == sorted(the-total.value)",
         "sorted(part.value) = [1, 2], sorted(the-total.value) = [7]"),
        ("set(part.value) == set(the-total.value)",
         "set(part.value) = {1, 2}, set(the-total.value) = {7}"),
        ("part.value == 1", "part.value is printed 2 times, not once"),
        ("ratio.value > 1", "ratio.value is never printed, not once"),
        ("min(ratio.value) > 1", "ratio.value is never printed, so there is no min of it"),
        ("the-total.value / (the-total.value - 7) > 1", "7 / 0 divides by zero"),
        ("the-total.value % count(ratio) > 1", "7 % 0 divides by zero"),
        ("the-total.value ** 100000 > 1", "7 ** 100000 is too large"),
        ("(0 - the-total.value) ** 0.5 > 1", "-7 ** 0.5 is no real number"),
        ("10.0 ** 300 * 10 ** 300 * the-total.value > 1 and the-total.value ** 400.5 > 1",
         "7 ** 400.5 is too large"),
        ("count(ratio) > 0 and ratio.value > 1",
         "count(ratio) = 0, ratio.value = ? (ratio.value is never printed, not once)"),
    ],
)  # fmt: skip
def test_a_violation_shows_what_each_side_comes_to(holds: str, found: str) -> None:
    """Both sides of each comparison are shown, or why they cannot be."""
    assert found == outcome(holds, "part 1: 1\npart 2: 2\ntotal: 7\n")


def test_lines_of_single_values_are_marked() -> None:
    """The line of a value that is printed once is marked with it."""
    rule = 'relation = { holds = "the-total.value == sum(part.value)" }'
    violation = read_claim(EVENTS, rule).violation("part 1: 1\ntotal: 7\n")
    assert violation is not None
    assert [(2, "value = 7")] == [(mark.line, mark.note) for mark in violation.marks]
    assert "the-total.value == sum(part.value)" == violation.expected


def test_what_is_not_needed_is_not_computed() -> None:
    """``and`` and ``or`` stop as soon as the answer is known."""
    assert not outcome("count(ratio) == 0 or ratio.value > 1", "total: 7\n")
    assert outcome("count(ratio) == 0 and ratio.value > 1", "total: 7\n")


def test_texts_are_compared_with_texts() -> None:
    """A text in quotes is compared with a word; names within quotes mean nothing."""
    assert not outcome('word.text == "total" and word.text != "part.value"', "word: total\n")
    assert not outcome("word.text == 'total'", "word: total\n")


@pytest.mark.parametrize(
    ("holds", "message"),
    [
        ("1 == 1.5", "nothing can break this, or all can: no field is mentioned"),
        ("the-total.value", ('expected a comparison, such as "a.x == b.y", '
         'found "the-total.value"')),
        ("the-total.value == the-total.value", '"the-total.value" is compared with itself'),
        ("total.value == 1", ('there is no event "total" (did you mean "the-total"?); '
         'declared are "part", "the-total", "ratio", "word"')),
        ("part.vale == 1", ('event "part" has no field "vale" (did you mean "value"?); '
         'it has "who", "value"')),
        ("mx(part.value) == 1", ('"mx" means nothing here (did you mean "max"?); expected a field '
         'such as "total.value", or one of "sum", "min", "max", "len", "first", "last", '
         '"sorted", "set", "abs", "count"')),
        ("sum(word.text) == 1", 'sum() adds numbers, and "word.text" is a text'),
        ("word.text == 1", '"word.text" is a text, "1" is a number'),
        ("word.text + 1 == 2", 'expected a number, found "word.text", a text'),
        ("sorted(part.value) == set(part.value)",
         '"sorted(part.value)" is a list of numbers, "set(part.value)" is a set of numbers'),
        ("sum(1 + 2) == the-total.value", 'expected a field inside sum(), found "1 + 2"'),
        ("count(part.value) == 1", ('expected an event, such as "worker" or "worker[i=3]", '
         "found the text 'part.value'")),
        ("the-total.value == ", "no valid expression: invalid syntax"),
        ("the-total.value in 3", ('"in" means nothing here (did you mean "min"?); expected a field '
         'such as "total.value", or one of "sum", "min", "max", "len", "first", "last", '
         '"sorted", "set", "abs", "count"')),
        ("the-total.value == [1]", ("expected numbers, texts, fields, arithmetic or one of "
         '"sum", "min", "max", "len", "first", "last", "sorted", "set", "abs", "count" '
         'with one argument, found "[1]"')),
        ("the-total.value < (1 < 2)", ("expected numbers, texts, fields, arithmetic or one of "
         '"sum", "min", "max", "len", "first", "last", "sorted", "set", "abs", "count" '
         'with one argument, found "1 < 2"')),
        ("the-total.value == " + "-" * 50 + "1",
         "the expression is nested deeper than 40 levels"),
        ("the-total.value == 1" + " " * 1000 + "+ 1",
         "expected at most 1000 characters, found 1023"),
    ],
)  # fmt: skip
def test_what_is_no_relation_is_refused(holds: str, message: str) -> None:
    """Only comparisons of what is printed load, with names and types that fit."""
    rule = f"relation = {{ holds = '''{holds}''' }}"
    assert f"relation.holds: {message}" == refusal(EVENTS, rule)


@pytest.mark.parametrize(
    "holds",
    [
        "__import__('os').system('true') == the-total.value",
        "the-total.value == (lambda: 1)()",
        "the-total.value.real == 1",
        "[x for x in (1,)] == the-total.value",
        "(y := the-total.value) == 1",
        "sum(part.value, 1) == the-total.value",
        "sum(*part.value) == the-total.value",
        "of_0 == the-total.value",
        "f'{the-total.value}' == the-total.value",
        "the-total.value if 1 else 2",
        "the-total.value == 1j",
        "the-total.value == b'x'",
        "the-total.value == ...",
        "the-total.value == True",
        "(" * 500 + "the-total.value",
        "the-total.value == 1\0",
        "the-total.value @ 2 == 1",
        "~the-total.value == 1",
    ],
)
def test_nothing_else_of_python_is_taken(holds: str) -> None:
    """Whatever could act, or means something only to Python, is refused."""
    with pytest.raises(SpecError):
        read_any(holds)


@given(
    st.lists(
        st.sampled_from(
            [
                *"()[]+-*/%<>=!.,:'\"@\\ \n\x00é",
                "**",
                "//",
                "==",
                "and",
                "or",
                "not",
                "count(part)",
                "sum",
                "len",
                "set",
                "sorted",
                "abs",
                "part.value",
                "the-total.value",
                "1",
                "2.5e3",
                "word.text",
                "part[who=1].value",
                "0x",
                "of_1",
                "if",
                "lambda",
                "_",
            ]
        ),
        max_size=12,
    ).map("".join)
)
@example("the-total.value==1" + "e9" * 3)
@example("'of_1'")
def test_no_text_is_more_than_refused(holds: str) -> None:
    """Whatever the text, it is a relation or a spec error, and judging it ends."""
    try:
        claim = read_any(holds)
    except SpecError:
        return
    violation = claim.violation("part 1: 3\nword: a\ntotal: 2\n")
    assert violation is None or violation.found


def read_any(holds: str) -> Claim:
    """Read a relation that may hold any character; JSON's strings are TOML's."""
    return read_claim(EVENTS, f"relation = {{ holds = {json.dumps(holds)} }}")
