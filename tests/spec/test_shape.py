"""What the top of a spec may hold, and of which type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [('title   = "Wait for a worker"', 'titel = "Wait"')],
            ('example.toml: expected the key "title", which is missing (did you mean "titel"?)'),
            id="an unknown key",
        ),
        pytest.param(
            [
                (
                    'title   = "Wait for a worker"',
                    'title   = "Wait for a worker"\ntimming = "strict"',
                )
            ],
            (
                'example.toml:2: unknown key "timming" (did you mean "timing"?); known '
                'here: "control", "events", "granularity", "order", "programs", '
                '"property", "python", "run", "summary", "survivor", "timing", "title", '
                '"topic"'
            ),
            id="an unknown key beside the known",
        ),
        pytest.param(
            [('summary = "Main waits for a worker."\n', "")],
            'example.toml: expected the key "summary", which is missing',
            id="a missing key",
        ),
        pytest.param(
            [('"Main waits for a worker."', '" "')],
            "example.toml:3: summary: expected a text, found an empty one",
            id="an empty text",
        ),
        pytest.param(
            [('"Wait for a worker"', "7")],
            "example.toml:1: title: expected a text, found the number 7",
            id="a number for a text",
        ),
        pytest.param(
            [('"Wait for a worker"', "true")],
            "example.toml:1: title: expected a text, found a boolean",
            id="a boolean for a text",
        ),
        pytest.param(
            [('"Wait for a worker"', '["a"]')],
            "example.toml:1: title: expected a text, found a list",
            id="a list for a text",
        ),
        pytest.param(
            [('"Wait for a worker"', "{ a = 1 }")],
            "example.toml:1: title: expected a text, found a table",
            id="a table for a text",
        ),
        pytest.param(
            [('"Wait for a worker"', "2024-05-01")],
            "example.toml:1: title: expected a text, found the date 2024-05-01",
            id="a date for a text",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\norder = "first"')],
            "example.toml:2: order: expected a whole number, found the text 'first'",
            id="a text for a number",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\norder = true')],
            "example.toml:2: order: expected a whole number, found a boolean",
            id="a boolean for a number",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\norder = 1.5')],
            "example.toml:2: order: expected a whole number, found the number 1.5",
            id="a fraction for a whole number",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\ntiming = "stric"')],
            (
                'example.toml:2: timing: expected one of "free", "strict", found "stric" '
                '(did you mean "strict"?)'
            ),
            id="another word than the listed",
        ),
        pytest.param(
            [
                (
                    'title   = "Wait for a worker"',
                    'title   = "Wait for a worker"\ngranularity = "line"',
                )
            ],
            'example.toml:2: granularity: expected one of "gil", "opcode", found "line"',
            id="another granularity",
        ),
        pytest.param(
            [('"topic"', '"topics"')],
            'example.toml:2: topic: expected "topic" (the directory), found "topics"',
            id="another topic than the directory",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\npython = "3.9"')],
            'example.toml:2: python: expected a floor, such as ">=3.9", found "3.9"',
            id="a floor that is none",
        ),
        pytest.param(
            [('[events]\nworker = "worker: {i:d}"\nmain   = "main: {i:d}"\n', 'events = "none"\n')],
            "example.toml:5: events: expected a table, found the text 'none'",
            id="a text for a table",
        ),
        pytest.param(
            [("[[control]]", "[control]")],
            "example.toml:19: control: expected a list of tables, found a table",
            id="a table for an array of tables",
        ),
        pytest.param(
            [
                ('"Main waits for a worker."', '"x"\ncontrol = ["a"]'),
                (
                    (
                        "[[control]]\n"
                        'name    = "join forgotten"\n'
                        'side    = "python"\n'
                        'replace = "worker.join()"\n'
                        'with    = "pass"\n'
                        'breaks  = ["worker-comes-first"]\n'
                    ),
                    "",
                ),
            ],
            "example.toml:4: control[0]: expected a table, found the text 'a'",
            id="a list of texts for an array of tables",
        ),
    ],
)
def test_what_does_not_belong_at_the_top_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the file, the line, the key, what was expected and what was found."""
    assert message == refusal(tmp_path, *edits)
