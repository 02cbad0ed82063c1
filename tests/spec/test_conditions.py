"""Where a property applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import Edit, refusal, with_first

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [with_first("when = { gill = true }")],
            (
                'example.toml:11: always.worker-counts.when: unknown key "gill" (did you '
                'mean "gil"?); known here: "cores", "gil", "implementation", "os", '
                '"python", "rust"'
            ),
            id="an unknown key",
        ),
        pytest.param(
            [with_first('when = { gil = "yes" }')],
            (
                "example.toml:11: always.worker-counts.when.gil: expected true or false, "
                "found the text 'yes'"
            ),
            id="a text for a boolean",
        ),
        pytest.param(
            [with_first("when = { cores = 0 }")],
            (
                "example.toml:11: always.worker-counts.when.cores: expected a number from "
                "1 on, found 0"
            ),
            id="no core",
        ),
        pytest.param(
            [with_first('when = { python = "3.13" }')],
            (
                "example.toml:11: always.worker-counts.when.python: expected versions, "
                'such as ">=3.13" or ">=1.70,<1.80", found the text \'3.13\''
            ),
            id="a version without a comparison",
        ),
        pytest.param(
            [with_first("when = { rust = 1.7 }")],
            (
                "example.toml:11: always.worker-counts.when.rust: expected versions, such "
                'as ">=3.13" or ">=1.70,<1.80", found the number 1.7'
            ),
            id="a version that is a number",
        ),
        pytest.param(
            [with_first('when = { os = "" }')],
            (
                "example.toml:11: always.worker-counts.when.os: expected a name, such as "
                '"linux", found an empty text'
            ),
            id="an empty name",
        ),
        pytest.param(
            [with_first("when = { implementation = 3 }")],
            (
                "example.toml:11: always.worker-counts.when.implementation: expected a "
                "text, found the number 3"
            ),
            id="a number for a name",
        ),
        pytest.param(
            [with_first('when = "gil"')],
            ("example.toml:11: always.worker-counts.when: expected a table, found the text 'gil'"),
            id="a text for the table",
        ),
    ],
)
def test_a_condition_that_asks_nothing_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the key of the condition, and shows how it is written."""
    assert message == refusal(tmp_path, *edits)
