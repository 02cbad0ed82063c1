"""What every property has, and what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import MENDED, VALUES, Edit, prop, refusal, with_first

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [
                (
                    (
                        "[[property]]\n"
                        'name   = "worker-counts"\n'
                        'why    = "it counts to 3"\n'
                        'values = { of = "worker.i", are = "0..3" }\n'
                        "\n"
                        "[[property]]\n"
                        'name  = "worker-comes-first"\n'
                        'why   = "main waits for it"\n'
                        'order = { chain = ["worker", "main"] }\n'
                        "\n"
                        "[[control]]\n"
                        'name    = "join forgotten"\n'
                        'side    = "python"\n'
                        'replace = "worker.join()"\n'
                        'with    = "pass"\n'
                        'breaks  = ["worker-comes-first"]\n'
                    ),
                    "",
                )
            ],
            ("example.toml: expected at least one [[property]]: nothing is said of this example"),
            id="no property at all",
        ),
        pytest.param(
            [('"worker-comes-first"\nwhy', '"worker-counts"\nwhy')],
            (
                "example.toml:15: property[1].name: a second property named "
                '"worker-counts"; the first is on line 9'
            ),
            id="a second one of that name",
        ),
        pytest.param(
            [('"worker-counts"', '"Worker counts"')],
            (
                "example.toml:10: property[0].name: expected a name such as "
                '"join-comes-first", found "Worker counts"'
            ),
            id="a name in capitals",
        ),
        pytest.param(
            [('why    = "it counts to 3"\n', "")],
            'example.toml:9: property[0]: expected the key "why", which is missing',
            id="no reason",
        ),
        pytest.param(
            [('values = { of = "worker.i", are = "0..3" }\n', "")],
            (
                'example.toml:9: property[0]: expected what holds: one of "count", '
                '"values", "order", "sections", "overlap", "relation", "agreement", '
                '"outcomes", "speed", "ending", "compile-error", "hang"'
            ),
            id="no family",
        ),
        pytest.param(
            [(VALUES, 'valeus = { of = "worker.i", are = "0..3" }')],
            ('example.toml:9: property[0]: there is no family "valeus" (did you mean "values"?)'),
            id="an unknown family",
        ),
        pytest.param(
            [with_first('count = { of = "worker", is = 3 }')],
            ('example.toml:9: property[0]: expected one family, found 2: "values", "count"'),
            id="two families",
        ),
        pytest.param(
            [with_first('where = "rust"')],
            (
                'example.toml:13: property[0]: unknown key "where" (did you mean "when"?); '
                'known here: "audit", "in", "name", "program", "side", "values", "when", '
                '"why"'
            ),
            id="an unknown key beside the family",
        ),
        pytest.param(
            [(VALUES, 'values = { of = "worker.i", are = "0..3", sane = "i" }')],
            (
                'example.toml:12: property[0].values: unknown key "sane" (did you mean '
                '"same"?); known here: "are", "of", "same"'
            ),
            id="an unknown key of the family",
        ),
        pytest.param(
            [(VALUES, 'values = "0..3"')],
            ("example.toml:12: property[0].values: expected a table, found the text '0..3'"),
            id="a text for the family's table",
        ),
        pytest.param(
            [with_first('in = "every-runs"')],
            (
                'example.toml:13: property[0].in: expected one of "every-run", "some-run", '
                'found "every-runs" (did you mean "every-run"?)'
            ),
            id="another scope",
        ),
        pytest.param(
            [with_first('side = "pyhton"')],
            (
                'example.toml:13: property[0].side: expected one of "python", "rust", '
                'found "pyhton" (did you mean "python"?)'
            ),
            id="another side",
        ),
        pytest.param(
            [prop("speed", 'speed = { of = "cpu/wall", at-least = 1.5 }')],
            (
                'example.toml:19: property[2].in: expected "some-run" for speed such as '
                'this, found "every-run"'
            ),
            id="a scope that the family has not",
        ),
        pytest.param(
            [
                prop(
                    "refused",
                    ('compile-error = { code = "E0499", at = "let x", mended = "mended" }'),
                ),
                MENDED,
            ],
            ('example.toml:23: property[2].side: expected "rust" for compile-error, found none'),
            id="a side that the family has not",
        ),
        pytest.param(
            [prop("same", 'side = "rust"', 'agreement = { of = "output" }')],
            "example.toml:22: property[2].side: expected none for agreement, found rust",
            id="a side for what is about both",
        ),
        pytest.param(
            [prop("p", 'count = { of = "workr", is = 3 }')],
            (
                'example.toml:22: property[2].count.of: there is no event "workr" (did you '
                'mean "worker"?); declared are "worker", "main"'
            ),
            id="an event that does not exist",
        ),
        pytest.param(
            [prop("p", 'values = { of = "worker.j", distinct = true }')],
            ('example.toml:22: property[2].values.of: event "worker" has no field "j"; it has "i"'),
            id="a field that does not exist",
        ),
        pytest.param(
            [
                ('worker = "worker: {i:d}"', 'worker = "worker: {i:d}"\ndone = "done"'),
                prop("p", 'values = { of = "done.i", distinct = true }'),
            ],
            (
                'example.toml:23: property[2].values.of: event "done" has no field "i"; it '
                "has no fields"
            ),
            id="a field of an event without fields",
        ),
        pytest.param(
            [prop("p", 'count = { of = "worker[i=x]", is = 3 }')],
            'example.toml:22: property[2].count.of: "i" is a whole number, "x" is none',
            id="a selector of no value",
        ),
        pytest.param(
            [with_first('program = "mend"')],
            ('example.toml:13: property[0].program: there is no program "mend"; there is "main"'),
            id="a program that does not exist",
        ),
        pytest.param(
            [with_first("program = []")],
            (
                "example.toml:13: property[0].program: expected the name of a program, "
                "found an empty list"
            ),
            id="no program",
        ),
        pytest.param(
            [with_first('side = "python"\nprogram = "mended"'), MENDED],
            (
                "example.toml:18: property[0].program: there is no python program "
                '"mended"; there is "main"'
            ),
            id="a program that the side has not",
        ),
        pytest.param(
            [with_first('program = { python = "mended", rust = "mended" }'), MENDED],
            (
                "example.toml:17: property[0].program.python: there is no python program "
                '"mended"; there is "main"'
            ),
            id="a program of each side, one not there",
        ),
        pytest.param(
            [with_first('program = { rust = "mended" }'), MENDED],
            ('example.toml:17: property[0].program: expected the key "python", which is missing'),
            id="a program of one side only",
        ),
        pytest.param(
            [with_first('program = { python = "main", rust = "mended", c = "main" }'), MENDED],
            ('example.toml:17: property[0].program: unknown key "c"; known here: "python", "rust"'),
            id="a program of an unknown side",
        ),
        pytest.param(
            [with_first('side = "rust"\nprogram = { python = "main", rust = "mended" }'), MENDED],
            (
                "example.toml:18: property[0].program: expected the name of a program, "
                'since side = "rust"'
            ),
            id="a program of each side, and a side",
        ),
    ],
)
def test_a_property_that_says_nothing_of_this_example_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the property by its number and the nearest valid word."""
    assert message == refusal(tmp_path, *edits)
