"""Selectors, field references and ranges."""

from __future__ import annotations

import pytest

from tests.properties.driver import read_claim, refusal

EVENTS = (
    'step = "{who:w} takes step {i:d} in {t:f} s"\n'
    'light = { pattern = "light: {colour}", words = { colour = ["red", "green"] } }'
)


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("step[i]", 'expected "field=value" inside the brackets, found "i"'),
        ("step[i=x]", '"i" is a whole number, "x" is none'),
        ("step[i=1_0]", '"i" is a whole number, "1_0" is none'),
        ("step[t=nan]", '"t" is a number, "nan" is none'),
        ("step[i=1,i=2]", '"step[i=1,i=2]" asks for one field twice'),
        (
            "light[colour=gren]",
            '"colour" is one of "red", "green", never "gren" (did you mean "green"?)',
        ),
        (
            "step[j=1]",
            'event "step" has no field "j"; it has "who", "i", "t"',
        ),
        (
            "step(1)",
            'expected an event, such as "worker" or "worker[i=3]", found the text \'step(1)\'',
        ),
    ],
)
def test_a_selector_that_selects_nothing_is_refused(selector: str, message: str) -> None:
    """A selector has to name an event, its fields, and values that they can have."""
    assert f"count.of: {message}" == refusal(EVENTS, f'count = {{ of = "{selector}", is = 1 }}')


@pytest.mark.parametrize(
    ("selector", "line"),
    [
        ("step[i=-3]", "a takes step -3 in 1.0 s"),
        ("step[who=b, i=2]", "b takes step 2 in 1.0 s"),
        ("step[t=0.5]", "a takes step 1 in 0.50 s"),
        ("light[colour=red]", "light: red"),
    ],
)
def test_a_selector_takes_the_lines_with_its_values(selector: str, line: str) -> None:
    """Values are compared as what they are, not as text."""
    claim = read_claim(EVENTS, f'count = {{ of = "{selector}", is = 1 }}')
    assert claim.violation(f"{line}\nlight: green\nc takes step 9 in 9.0 s\n") is None


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ('"3..3"', 'nothing is in the range "3..3"'),
        ("[]", 'expected a range, such as "0..10", or a list of values, found a list'),
        ('"0..99999999999999999999"', ('expected a range, such as "0..10", or a list of values, '
         "found the text '0..99999999999999999999'")),
        ("[1.5]", '"step.i" is a whole number, which 1.5 is not'),
        ('["x"]', "\"step.i\" is a number, which 'x' is not"),
        ("[true]", 'expected a range, such as "0..10", or a list of values, found a list'),
    ],
)  # fmt: skip
def test_values_that_a_field_never_has_are_refused(numbers: str, message: str) -> None:
    """An empty range, or a value of the wrong kind, is a mistake."""
    rule = f'values = {{ of = "step.i", are = {numbers} }}'
    assert f"values.are: {message}" == refusal(EVENTS, rule)
