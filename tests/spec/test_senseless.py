"""Properties that no run could break, or none keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, prop, refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = "3..0" }')],
            'example.toml:22: property[2].values.among: nothing is in the range "3..0"',
            id="an empty range",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = [] }')],
            (
                "example.toml:22: property[2].values.among: expected a range, such as "
                '"0..10", or a list of values, found a list'
            ),
            id="an empty list",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = ["a"] }')],
            (
                'example.toml:22: property[2].values.among: "worker.i" is a number, which '
                "'a' is not"
            ),
            id="texts for a number",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", at-least = 0 }')],
            (
                "example.toml:22: property[2].count.at-least: nothing can break this: "
                "every count is at least 0"
            ),
            id="a count of at least none",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", is = -1 }')],
            ("example.toml:22: property[2].count.is: expected a number from 0 on, found -1"),
            id="a count below none",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", at-least = 3, at-most = 2 }')],
            ("example.toml:22: property[2].count.at-least: no count is at least 3 and at most 2"),
            id="bounds that exclude each other",
        ),
        pytest.param(
            [prop("p", 'count = { of = ["worker", "worker[i=1]"], is = 3 }')],
            (
                'example.toml:22: property[2].count.of: "worker" and "worker[i=1]" would '
                "count the same line twice"
            ),
            id="the same lines twice",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", same = "i", at-least = 1 }')],
            (
                'example.toml:22: property[2].count: nothing can break this: a "i" that is '
                "seen is seen at least once"
            ),
            id="a key that is always there",
        ),
        pytest.param(
            [prop("p", 'order = { chain = ["worker"] }')],
            (
                "example.toml:22: property[2].order.chain: expected a list of two or more "
                "events, found a list"
            ),
            id="a chain of one",
        ),
        pytest.param(
            [prop("p", 'order = { chain = ["worker", "main", "worker"] }')],
            (
                'example.toml:22: property[2].order.chain: "worker" and "worker" can be '
                "the same line"
            ),
            id="a chain back to itself",
        ),
        pytest.param(
            [prop("p", 'sections = { enter = "worker", leave = "worker", at-most = 1 }')],
            ('example.toml:22: property[2].sections: "worker" and "worker" can be the same line'),
            id="a section that opens as it closes",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "1 == 1" }')],
            'example.toml:22: property[2].relation.holds: "1" is compared with itself',
            id="a relation with nothing to relate",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "worker.i == worker.i" }')],
            ('example.toml:22: property[2].relation.holds: "worker.i" is compared with itself'),
            id="a relation of a field with itself",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "main.i ==" }')],
            ("example.toml:22: property[2].relation.holds: no valid expression: invalid syntax"),
            id="a relation that is no expression",
        ),
        pytest.param(
            [
                prop(
                    "p",
                    "[property.outcomes]",
                    'of = "main.i"',
                    "[[property.outcomes.are]]",
                    'is = "any"',
                    'grade = "acceptable"',
                    'why = "x"',
                )
            ],
            (
                'example.toml:22: property[2].outcomes.are: nothing can break this: "any" '
                "outcome is allowed"
            ),
            id="any outcome",
        ),
        pytest.param(
            [
                prop(
                    "p",
                    "[property.outcomes]",
                    'of = "main.i"',
                    "[[property.outcomes.are]]",
                    'is = "0..9"',
                    'grade = "acceptable"',
                    'why = "x"',
                    "[[property.outcomes.are]]",
                    "is = 3",
                    'grade = "forbidden"',
                    'why = "x"',
                )
            ],
            (
                'example.toml:28: property[2].outcomes.are[1]: "3" is never reached: '
                '"0..9" before it takes it'
            ),
            id="an outcome that is never reached",
        ),
        pytest.param(
            [prop("p", 'speed = { ratio = ["worker.i", "worker.i"], at-most = 1 }')],
            ('example.toml:22: property[2].speed.ratio: "worker.i" to itself is always the same'),
            id="a ratio of something to itself",
        ),
        pytest.param(
            [prop("p", "ending = {}")],
            (
                'example.toml:22: property[2].ending: expected "code", "signal", "reports" '
                'or "endless"'
            ),
            id="an ending that says nothing",
        ),
        pytest.param(
            [prop("p", 'ending = { signal = "SIGABORT" }')],
            (
                'example.toml:22: property[2].ending.signal: there is no signal "SIGABORT" '
                '(did you mean "SIGABRT"?)'
            ),
            id="a signal that does not exist",
        ),
        pytest.param(
            [prop("p", "hang = { after = [] }")],
            (
                "example.toml:22: property[2].hang.after: expected at least one event: "
                "what is printed before it hangs"
            ),
            id="a hang after nothing",
        ),
        pytest.param(
            [prop("p", 'overlap = { of = ["worker", "worker"] }')],
            ('example.toml:22: property[2].overlap.of: "worker" and "worker" can be the same line'),
            id="a stream with itself",
        ),
        pytest.param(
            [
                prop(
                    "p",
                    'in = "some-run"',
                    'agreement = { of = "outcomes", property = "worker-counts" }',
                )
            ],
            (
                "example.toml:23: property[2].agreement: there is no outcomes property "
                '"worker-counts"; there is none'
            ),
            id="outcomes of no property",
        ),
        pytest.param(
            [
                (
                    "[[control]]",
                    (
                        "[[property]]\n"
                        'name = "results"\n'
                        'why = "x"\n'
                        "[property.outcomes]\n"
                        'of = "main.i"\n'
                        "[[property.outcomes.are]]\n"
                        "is = 0\n"
                        'grade = "acceptable"\n'
                        'why = "x"\n'
                        "\n"
                        "[[property]]\n"
                        'name = "same"\n'
                        'why = "x"\n'
                        'in = "some-run"\n'
                        'agreement = { of = "outcomes", property = "result" }\n'
                        "\n"
                        "[[control]]"
                    ),
                )
            ],
            (
                "example.toml:33: property[3].agreement: there is no outcomes property "
                '"result" (did you mean "results"?); there is "results"'
            ),
            id="outcomes of a property that is spelt wrong",
        ),
    ],
)
def test_a_property_that_cannot_break_or_hold_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message says why the property would be empty, or never true."""
    assert message == refusal(tmp_path, *edits)
