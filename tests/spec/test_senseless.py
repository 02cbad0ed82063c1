"""Properties that no run could break, or none keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, added, prop, refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = "3..0" }')],
            'example.toml:18: always.p.values.among: nothing is in the range "3..0"',
            id="an empty range",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = [] }')],
            (
                "example.toml:18: always.p.values.among: expected a range, such as "
                '"0..10", or a list of values, found a list'
            ),
            id="an empty list",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.i", among = ["a"] }')],
            ("example.toml:18: always.p.values.among: \"worker.i\" is a number, which 'a' is not"),
            id="texts for a number",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", at-least = 0 }')],
            (
                "example.toml:18: always.p.count.at-least: nothing can break this: every "
                "count is at least 0"
            ),
            id="a count of at least none",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", is = -1 }')],
            ("example.toml:18: always.p.count.is: expected a number from 0 on, found -1"),
            id="a count below none",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", at-least = 3, at-most = 2 }')],
            ("example.toml:18: always.p.count.at-least: no count is at least 3 and at most 2"),
            id="bounds that exclude each other",
        ),
        pytest.param(
            [prop("p", 'count = { of = ["worker", "worker[i=1]"], is = 3 }')],
            (
                'example.toml:18: always.p.count.of: "worker" and "worker[i=1]" would '
                "count the same line twice"
            ),
            id="the same lines twice",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker", same = "i", at-least = 1 }')],
            (
                'example.toml:18: always.p.count: nothing can break this: a "i" that is '
                "seen is seen at least once"
            ),
            id="a key that is always there",
        ),
        pytest.param(
            [prop("p", 'order = { chain = ["worker"] }')],
            (
                "example.toml:18: always.p.order.chain: expected a list of two or more "
                "events, found a list"
            ),
            id="a chain of one",
        ),
        pytest.param(
            [prop("p", 'order = { chain = ["worker", "main", "worker"] }')],
            ('example.toml:18: always.p.order.chain: "worker" and "worker" can be the same line'),
            id="a chain back to itself",
        ),
        pytest.param(
            [prop("p", 'sections = { enter = "worker", leave = "worker", at-most = 1 }')],
            ('example.toml:18: always.p.sections: "worker" and "worker" can be the same line'),
            id="a section that opens as it closes",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "1 == 1" }')],
            'example.toml:18: always.p.relation.holds: "1" is compared with itself',
            id="a relation with nothing to relate",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "worker.i == worker.i" }')],
            ('example.toml:18: always.p.relation.holds: "worker.i" is compared with itself'),
            id="a relation of a field with itself",
        ),
        pytest.param(
            [prop("p", 'relation = { holds = "main.i ==" }')],
            ("example.toml:18: always.p.relation.holds: no valid expression: invalid syntax"),
            id="a relation that is no expression",
        ),
        pytest.param(
            [
                prop(
                    "p",
                    'outcomes = { of = "main.i", are = [',
                    '{ is = "any", acceptable = "x" },',
                    "] }",
                )
            ],
            (
                'example.toml:18: always.p.outcomes.are: nothing can break this: "any" '
                "outcome is allowed"
            ),
            id="any outcome",
        ),
        pytest.param(
            [
                prop(
                    "p",
                    'outcomes = { of = "main.i", are = [',
                    '{ is = "0..9", acceptable = "x" },',
                    '{ is = 3, forbidden = "x" },',
                    "] }",
                )
            ],
            (
                'example.toml:20: always.p.outcomes.are[1]: "3" is never reached: "0..9" '
                "before it takes it"
            ),
            id="an outcome that is never reached",
        ),
        pytest.param(
            [prop("p", 'speed = { ratio = ["worker.i", "worker.i"], at-most = 1 }')],
            ('example.toml:18: always.p.speed.ratio: "worker.i" to itself is always the same'),
            id="a ratio of something to itself",
        ),
        pytest.param(
            [prop("p", "ending = {}")],
            ('example.toml:18: always.p.ending: expected "code", "signal", "reports" or "endless"'),
            id="an ending that says nothing",
        ),
        pytest.param(
            [prop("p", 'ending = { signal = "SIGABORT" }')],
            (
                'example.toml:18: always.p.ending.signal: there is no signal "SIGABORT" '
                '(did you mean "SIGABRT"?)'
            ),
            id="a signal that does not exist",
        ),
        pytest.param(
            [prop("p", "hang = { after = [] }")],
            (
                "example.toml:18: always.p.hang.after: expected at least one event: what "
                "is printed before it hangs"
            ),
            id="a hang after nothing",
        ),
        pytest.param(
            [prop("p", 'overlap = { of = ["worker", "worker"] }')],
            ('example.toml:18: always.p.overlap.of: "worker" and "worker" can be the same line'),
            id="a stream with itself",
        ),
        pytest.param(
            [
                added(
                    "[sometimes.p]",
                    'why = "so it is"',
                    'agreement = { of = "outcomes", property = "worker-counts" }',
                )
            ],
            (
                "example.toml:18: sometimes.p.agreement: there is no outcomes property "
                '"worker-counts"; there is none'
            ),
            id="outcomes of no property",
        ),
        pytest.param(
            [
                prop(
                    "results",
                    'outcomes = { of = "main.i", are = [',
                    '    { is = 0, acceptable = "x" },',
                    "] }",
                    "",
                    "[sometimes.same]",
                    'why = "x"',
                    'agreement = { of = "outcomes", property = "result" }',
                )
            ],
            (
                "example.toml:24: sometimes.same.agreement: there is no outcomes property "
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
