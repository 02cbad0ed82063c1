"""Programs that the compiler refuses: where, and which twin it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import MENDED, ON_MENDED_TOO, Edit, prop, refusal, with_first

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { code = "E0499", at = "let x", mended = "mend" }',
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.mended: expected a Rust "
                'program that compiles, found "mend"'
            ),
            id="a mended program that does not exist",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { code = "E0499", at = "let x", mended = "main" }',
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.mended: expected a Rust "
                'program that compiles, found "main"'
            ),
            id="a mended program that is refused itself",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    ('compile-error = { code = "E0499", at = "let z", mended = "mended" }'),
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.at: expected a text that "
                "stands on exactly one line of src/main.rs, found 'let z' on 0"
            ),
            id="a place that is not there",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { code = "E0499", at = "= 1;", mended = "mended" }',
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.at: expected a text that "
                "stands on exactly one line of src/main.rs, found '= 1;' on 2; give \"nth\" "
                "to say which"
            ),
            id="a place on two lines",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    ('compile-error = { code = "E0499", at = "= 1;", nth = 3, mended = "mended" }'),
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.at: expected a text that "
                "stands on at least 3 lines of src/main.rs, found '= 1;' on 2"
            ),
            id="the third of two lines",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    ('compile-error = { code = "E0499", at = "= 1;", nth = 0, mended = "mended" }'),
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.nth: expected which of the "
                'lines that hold "at" it is, from 1 on'
            ),
            id="the line before the first",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { code = "E0499", nth = 1, mended = "mended" }',
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.nth: expected which of the "
                'lines that hold "at" it is, from 1 on'
            ),
            id="an nth of nothing",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { at = "let x", mended = "mended" }',
                ),
            ],
            (
                'example.toml:24: always.refused.compile-error: expected "code", or '
                '"message" where the compiler gives no code'
            ),
            id="neither code nor message",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    'compile-error = { code = "499", at = "let x", mended = "mended" }',
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.code: expected a code such "
                'as "E0373", or a lint\'s name, found "499"'
            ),
            id="a code that is none",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop("refused", 'compile-error = { code = "E0499", at = "let x" }'),
            ],
            (
                'example.toml:24: always.refused.compile-error: expected the key "mended", '
                "which is missing"
            ),
            id="no mended program",
        ),
        pytest.param(
            [
                MENDED,
                with_first('programs = ["python", "rust:mended"]'),
                ON_MENDED_TOO,
                prop(
                    "refused",
                    (
                        'compile-error = { errors = [{ code = "E0499", at = "let x" }, '
                        '{ code = "E0382", at = "let z" }], mended = "mended" }'
                    ),
                ),
            ],
            (
                "example.toml:24: always.refused.compile-error.at: expected a text that "
                "stands on exactly one line of src/main.rs, found 'let z' on 0"
            ),
            id="a place of the second of several errors",
        ),
    ],
)
def test_a_refusal_that_cannot_be_told_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message says on how many lines the text stands, or which program was to compile."""
    assert message == refusal(tmp_path, *edits)
