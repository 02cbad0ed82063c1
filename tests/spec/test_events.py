"""Patterns of events: each says what it matches, and no line is matched twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import WORKER, Edit, refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [('worker = "worker: {i:d}"', 'Worker = "worker: {i:d}"')],
            (
                'example.toml:5: events.Worker: expected a name such as "worker" or '
                '"main-done", found "Worker"'
            ),
            id="a name in capitals",
        ),
        pytest.param(
            [(WORKER, "worker = 7")],
            (
                "example.toml:5: events.worker: expected a pattern, or a table that holds "
                "one, found the number 7"
            ),
            id="a number for a pattern",
        ),
        pytest.param(
            [(WORKER, 'worker = { pattern = "worker: {i:d}", streams = "stderr" }')],
            (
                'example.toml:5: events.worker: unknown key "streams" (did you mean '
                '"stream"?); known here: "pattern", "stream", "words"'
            ),
            id="an unknown key",
        ),
        pytest.param(
            [(WORKER, 'worker = { pattern = "worker: {i:d}", stream = "stdlog" }')],
            (
                'example.toml:5: events.worker.stream: expected one of "stdout", "stderr", '
                'found "stdlog" (did you mean "stdout"?)'
            ),
            id="another stream",
        ),
        pytest.param(
            [(WORKER, 'worker = { stream = "stderr" }')],
            ('example.toml:5: events.worker: expected the key "pattern", which is missing'),
            id="no pattern",
        ),
        pytest.param(
            [(WORKER, 'worker = { pattern = "worker: {i:d}", words = { j = ["a"] } }')],
            (
                'example.toml:5: events.worker: column 1: words are listed for "j", which '
                "is no field of it"
            ),
            id="words of no field",
        ),
        pytest.param(
            [(WORKER, 'worker = { pattern = "worker: {i:d}{x}", words = { x = [1] } }')],
            (
                "example.toml:5: events.worker.words.x: expected a list of texts, found "
                "the number 1 in it"
            ),
            id="words that are numbers",
        ),
        pytest.param(
            [(WORKER, 'worker = "worker: {i:d}{j:d}"')],
            (
                'example.toml:5: events.worker: column 9: the line "worker: 000" can be '
                'read in two ways: i = "00", j = "0", or i = "0", j = "00"; put a literal '
                "between the fields that none of them can hold"
            ),
            id="a field without an end",
        ),
        pytest.param(
            [(WORKER, 'worker = "worker: {i:d"')],
            (
                'example.toml:5: events.worker: column 9: unbalanced "{"; write "{{" for '
                "the character itself"
            ),
            id="an unbalanced brace",
        ),
        pytest.param(
            [(WORKER, 'worker = "worker: {i:x}"')],
            (
                'example.toml:5: events.worker: column 9: unknown kind "x" of field "i"; '
                "expected d (integer), f (decimal number), w (one word), or none (text)"
            ),
            id="an unknown kind of field",
        ),
        pytest.param(
            [(WORKER, 'worker = "worker:\\n{i:d}"')],
            ("example.toml:5: events.worker: column 8: a line break; an event is one line"),
            id="a line break",
        ),
        pytest.param(
            [('main   = "main: {i:d}"', 'main   = "{who}: 3"')],
            (
                "example.toml:6: events.main: a line may match only one event, yet "
                '"worker: 3" matches both "worker" and "main"; say what "who" may be '
                '(words = { who = ["…", "…"] }), or have the lines differ'
            ),
            id="two patterns for one line",
        ),
        pytest.param(
            [('main   = "main: {i:d}"', 'main   = "worker: {what}"')],
            (
                "example.toml:6: events.main: a line may match only one event, yet "
                '"worker: 0" matches both "worker" and "main"; say what "what" may be '
                '(words = { what = ["…", "…"] }), or have the lines differ'
            ),
            id="two patterns that begin alike",
        ),
        pytest.param(
            [('worker = "worker: {i:d}"', 'worker = "worker: {i:d}"\nidle = "idle"')],
            ('example.toml:6: events.idle: no property speaks of "idle": bind it or drop it'),
            id="an event that nothing binds",
        ),
    ],
)
def test_an_event_that_cannot_be_told_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the event, and the column, or the line that is matched twice."""
    assert message == refusal(tmp_path, *edits)
