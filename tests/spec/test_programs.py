"""Which programs an example has, and how they are started."""

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
            [("[events]", '[programs.main]\nsummary = "x"\npython = "mended.py"\n\n[events]')],
            (
                'example.toml:4: programs.main: expected a name such as "mended", and none '
                'of "main", "python", "rust", found "main"'
            ),
            id="the name main",
        ),
        pytest.param(
            [("[events]", '[programs.Mended]\nsummary = "x"\npython = "mended.py"\n\n[events]')],
            (
                'example.toml:4: programs.Mended: expected a name such as "mended", and '
                'none of "main", "python", "rust", found "Mended"'
            ),
            id="a name in capitals",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\npython = "mended.py"\n\n[events]')],
            ('example.toml:4: programs.mended: expected the key "summary", which is missing'),
            id="no summary",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\n\n[events]')],
            (
                "example.toml:4: programs.mended: expected a file for at least one of "
                '"python", "rust"'
            ),
            id="no file",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npyhton = "mended.py"\n\n[events]')],
            (
                'example.toml:6: programs.mended: unknown key "pyhton" (did you mean '
                '"python"?); known here: "args", "python", "rust", "stdin", "summary", '
                '"timeout", "when"'
            ),
            id="an unknown key",
        ),
        pytest.param(
            [
                (
                    "[events]",
                    (
                        '[programs.mended]\nsummary = "x"\npython = "mended.py"\n'
                        "when = { cores = 0 }\n\n[events]"
                    ),
                )
            ],
            ("example.toml:7: programs.mended.when.cores: expected a number from 1 on, found 0"),
            id="a condition that nothing meets",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "mendde.py"\n\n[events]')],
            'example.toml:6: programs.mended.python: there is no file "mendde.py"',
            id="a file that is not there",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "src"\n\n[events]')],
            'example.toml:6: programs.mended.python: "src" is no file',
            id="a directory",
        ),
        pytest.param(
            [
                (
                    "[events]",
                    ('[programs.mended]\nsummary = "x"\npython = "../name/mended.py"\n\n[events]'),
                )
            ],
            (
                'example.toml:6: programs.mended.python: "../name/mended.py" leaves the '
                "example's directory"
            ),
            id="a path upwards",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "/dev/zero"\n\n[events]')],
            ('example.toml:6: programs.mended.python: "/dev/zero" leaves the example\'s directory'),
            id="an absolute path",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "a\\u0000b"\n\n[events]')],
            'example.toml:6: programs.mended.python: "a\\0b" is no path',
            id="a path that holds the character 0",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "main.py"\n\n[events]')],
            ('example.toml:6: programs.mended.python: "main.py" is the program "main" already'),
            id="the file of another program",
        ),
        pytest.param(
            [("[events]", '[programs.mended]\nsummary = "x"\npython = "mended.py"\n\n[events]')],
            ("example.toml:6: programs.mended.python: no property says anything of mended.py"),
            id="a program that nothing is said of",
        ),
        pytest.param(
            [("[events]", "[run]\ntimeout = 0\n\n[events]")],
            ("example.toml:5: run.timeout: expected seconds, above 0 and up to 3600, found 0"),
            id="no time at all",
        ),
        pytest.param(
            [("[events]", "[run]\ntimeout = inf\n\n[events]")],
            ("example.toml:5: run.timeout: expected seconds, above 0 and up to 3600, found inf"),
            id="time without end",
        ),
        pytest.param(
            [("[events]", "[run]\nargs = [5]\n\n[events]")],
            ("example.toml:5: run.args: expected a list of texts, found the number 5 in it"),
            id="an argument that is a number",
        ),
        pytest.param(
            [("[events]", '[run]\nargs = ["a\\u0000"]\n\n[events]')],
            "example.toml:5: run.args: no argument can hold the character 0",
            id="an argument that holds the character 0",
        ),
        pytest.param(
            [("[events]", '[run]\narguments = ["5"]\n\n[events]')],
            (
                'example.toml:5: run: unknown key "arguments" (did you mean "args"?); '
                'known here: "args", "stdin", "timeout"'
            ),
            id="an unknown key of run",
        ),
    ],
)
def test_a_program_that_cannot_be_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the program, and why its file or its start cannot be."""
    assert message == refusal(tmp_path, *edits)
