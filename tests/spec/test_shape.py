"""What the top of a spec may hold, and of which type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import SPEC, Edit, added, refusal

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
                'here: "always", "events", "granularity", "guess", "last-line", "programs", '
                '"python", "requires", "run", "sometimes", "summary", "task-order", '
                '"timing", "title"'
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
            "example.toml:2: summary: expected a text, found an empty one",
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
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\norder = 7')],
            (
                "example.toml:2: order: expected no such key: the order of reading stands "
                "in the corpus.toml of the corpus"
            ),
            id="an order of reading",
        ),
        pytest.param(
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\ntopic = "topic"')],
            (
                "example.toml:2: topic: expected no such key: the topic is the directory "
                "above the example's"
            ),
            id="a topic",
        ),
        pytest.param(
            [added("[[property]]", 'name = "worker-counts"')],
            (
                "example.toml:16: property: expected [always.NAME], or [sometimes.NAME] for "
                "what some run must show, found [[property]]"
            ),
            id="a property of the former form beside one of the present",
        ),
        pytest.param(
            [added("[[control]]", 'name = "join forgotten"')],
            (
                "example.toml:16: control: expected it in breaks.toml beside this file, as "
                '["NAME"], found [[control]]'
            ),
            id="a control of the old form",
        ),
        pytest.param(
            [added("[[survivor]]", 'mutation = "drop worker"')],
            (
                "example.toml:16: survivor: expected it in breaks.toml beside this file, "
                'as ["NAME"] with breaks = [], found [[survivor]]'
            ),
            id="a survivor of the old form",
        ),
        pytest.param(
            [added("[run]", 'timeout = "1"')],
            "example.toml:17: run.timeout: expected a number, found the text '1'",
            id="a text for a number",
        ),
        pytest.param(
            [added("[run]", "timeout = true")],
            "example.toml:17: run.timeout: expected a number, found a boolean",
            id="a boolean for a number",
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
            [('title   = "Wait for a worker"', 'title   = "Wait for a worker"\npython = "3.9"')],
            'example.toml:2: python: expected a floor, such as ">=3.9", found "3.9"',
            id="a floor that is none",
        ),
        pytest.param(
            [('[events]\nworker = "worker: {i:d}"\nmain   = "main: {i:d}"\n', 'events = "none"\n')],
            "example.toml:4: events: expected a table, found the text 'none'",
            id="a text for a table",
        ),
        pytest.param(
            [(SPEC[SPEC.index("[events]") :], 'always = ["a"]')],
            ("example.toml:4: always: expected a table, found a list"),
            id="a list for a table of tables",
        ),
        pytest.param(
            [("[always.worker-counts]", "[[always.worker-counts]]")],
            "example.toml:8: always.worker-counts: expected a table, found a list",
            id="an array of tables for a table",
        ),
    ],
)
def test_what_does_not_belong_at_the_top_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the file, the line, the key, what was expected and what was found."""
    assert message == refusal(tmp_path, *edits)
