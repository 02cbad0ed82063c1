"""What every property has, and what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import MENDED, SPEC, VALUES, Edit, prop, refusal, with_first

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [
                (
                    SPEC[SPEC.index("[always.worker-counts]") :],
                    "",
                )
            ],
            ("example.toml: expected at least one [always.NAME]: nothing is said of this example"),
            id="no property at all",
        ),
        pytest.param(
            [("[always.worker-comes-first]", "[sometimes.worker-counts]")],
            (
                "example.toml:12: sometimes.worker-counts: a second property "
                '"worker-counts"; the first is on line 8'
            ),
            id="a second one of that name",
        ),
        pytest.param(
            [("[always.worker-counts]", '[always."Worker counts"]')],
            (
                'example.toml:8: always."Worker counts": expected a name such as '
                '"join-comes-first", found "Worker counts"'
            ),
            id="a name in capitals",
        ),
        pytest.param(
            [('why    = "it counts to 3"\n', "")],
            ('example.toml:8: always.worker-counts: expected the key "why", which is missing'),
            id="no reason",
        ),
        pytest.param(
            [('values = { of = "worker.i", are = "0..3" }\n', "")],
            (
                "example.toml:8: always.worker-counts: expected what holds: one of "
                '"count", "values", "order", "sections", "overlap", "relation", "each", '
                '"agreement", "outcomes", "speed", "ending", "compile-error", "hang"'
            ),
            id="no family",
        ),
        pytest.param(
            [(VALUES, 'valeus = { of = "worker.i", are = "0..3" }')],
            (
                'example.toml:8: always.worker-counts: there is no family "valeus" (did '
                'you mean "values"?)'
            ),
            id="an unknown family",
        ),
        pytest.param(
            [with_first('count = { of = "worker", is = 3 }')],
            (
                "example.toml:8: always.worker-counts: expected one family, found 2: "
                '"values", "count"'
            ),
            id="two families",
        ),
        pytest.param(
            [with_first('where = "rust"')],
            (
                'example.toml:11: always.worker-counts: unknown key "where" (did you mean '
                '"when"?); known here: "audit", "values", "when", "why"'
            ),
            id="an unknown key beside the family",
        ),
        pytest.param(
            [(VALUES, 'values = { of = "worker.i", are = "0..3", sane = "i" }')],
            (
                'example.toml:10: always.worker-counts.values: unknown key "sane" (did you '
                'mean "same"?); known here: "are", "of", "same"'
            ),
            id="an unknown key of the family",
        ),
        pytest.param(
            [(VALUES, 'values = "0..3"')],
            (
                "example.toml:10: always.worker-counts.values: expected a table, found the "
                "text '0..3'"
            ),
            id="a text for the family's table",
        ),
        pytest.param(
            [with_first('in = "some-run"')],
            (
                "example.toml:11: always.worker-counts.in: expected no such key: what some "
                "run must show stands in [sometimes.NAME]"
            ),
            id="a scope as it was said once",
        ),
        pytest.param(
            [with_first('side = "python"')],
            (
                "example.toml:11: always.worker-counts.side: expected no such key: say it "
                'with programs = "python" or "rust"'
            ),
            id="a side as it was said once",
        ),
        pytest.param(
            [prop("speed", 'speed = { of = "cpu/wall", at-least = 1.5 }')],
            (
                'example.toml:16: always.speed: expected "sometimes" for speed such as '
                'this, found "always"'
            ),
            id="a scope that the family has not",
        ),
        pytest.param(
            [
                prop(
                    "refused",
                    'programs = "python"',
                    'compile-error = { code = "E0499", at = "let x", mended = "mended" }',
                ),
                MENDED,
            ],
            (
                "example.toml:22: always.refused.programs: expected programs of rust alone "
                "for compile-error"
            ),
            id="a side that the family has not",
        ),
        pytest.param(
            [prop("same", 'programs = "rust"', 'agreement = { of = "output" }')],
            (
                "example.toml:18: always.same.programs: expected a program of each side "
                "for agreement"
            ),
            id="a side for what is about both",
        ),
        pytest.param(
            [prop("p", 'count = { of = "workr", is = 3 }')],
            (
                'example.toml:18: always.p.count.of: there is no event "workr" (did you '
                'mean "worker"?); declared are "worker", "main"'
            ),
            id="an event that does not exist",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.j", distinct = true }')],
            ('example.toml:18: always.p.values.of: event "worker" has no field "j"; it has "i"'),
            id="a field that does not exist",
        ),
        pytest.param(
            [
                ('worker = "worker: {i:d}"', 'worker = "worker: {i:d}"\ndone = "done"'),
                prop("p", 'values = { of = "done.i", distinct = true }'),
            ],
            (
                'example.toml:19: always.p.values.of: event "done" has no field "i"; it '
                "has no fields"
            ),
            id="a field of an event without fields",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker[i=x]", is = 3 }')],
            'example.toml:18: always.p.count.of: "i" is a whole number, "x" is none',
            id="a selector of no value",
        ),
        pytest.param(
            [with_first('programs = "mian"')],
            (
                "example.toml:11: always.worker-counts.programs: there is no program "
                '"mian" (did you mean "main"?); there is "main", "python", "rust"'
            ),
            id="a program that does not exist",
        ),
        pytest.param(
            [with_first("programs = []")],
            (
                "example.toml:11: always.worker-counts.programs: expected the names of "
                "programs, found an empty list"
            ),
            id="no program",
        ),
        pytest.param(
            [with_first('programs = "python:mended"'), MENDED],
            (
                "example.toml:15: always.worker-counts.programs: there is no program "
                '"python:mended" (did you mean "rust:mended"?); there is "main", "mended", '
                '"python", "rust", "rust:mended"'
            ),
            id="a program that the side has not",
        ),
        pytest.param(
            [with_first('programs = ["main", "rust"]')],
            (
                'example.toml:11: always.worker-counts.programs: "rust" is named by the '
                "other entries already"
            ),
            id="a program twice",
        ),
        pytest.param(
            [with_first('programs = ["ruby:main"]')],
            (
                "example.toml:11: always.worker-counts.programs: there is no program "
                '"ruby:main" (did you mean "main"?); there is "main", "python", "rust"'
            ),
            id="a program of an unknown side",
        ),
        pytest.param(
            [with_first('program = "main"')],
            (
                "example.toml:11: always.worker-counts.program: expected no such key: it "
                "is called programs"
            ),
            id="a program as it was said once",
        ),
        pytest.param(
            [with_first('name = "worker-counts"')],
            (
                "example.toml:11: always.worker-counts.name: expected no such key: the "
                "name stands in the header, as in [always.join-comes-first]"
            ),
            id="a name as it was said once",
        ),
    ],
)
def test_a_property_that_says_nothing_of_this_example_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the property and the nearest valid word."""
    assert message == refusal(tmp_path, *edits)
