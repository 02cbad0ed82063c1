"""Broken variants: they can be made, and name what they break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.spec.examples import MENDED, Edit, refusal, with_first

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        pytest.param(
            [
                (
                    'breaks  = ["worker-comes-first"]\n',
                    (
                        'breaks  = ["worker-comes-first"]\n'
                        "\n"
                        "[[control]]\n"
                        'name = "join forgotten"\n'
                        'side = "python"\n'
                        'replace = "worker.start()"\n'
                        'breaks = ["worker-counts"]\n'
                    ),
                )
            ],
            (
                'example.toml:27: control[1].name: a second control named "join '
                'forgotten"; the first is on line 19'
            ),
            id="a second one of that name",
        ),
        pytest.param(
            [('side    = "python"\n', "")],
            'example.toml:19: control[0]: expected the key "side", which is missing',
            id="no side",
        ),
        pytest.param(
            [('side    = "python"\n', 'side    = "ruby"\n')],
            ('example.toml:21: control[0].side: expected one of "python", "rust", found "ruby"'),
            id="another side",
        ),
        pytest.param(
            [('side    = "python"\n', 'side    = "python"\nprogram = "mian"\n')],
            (
                'example.toml:22: control[0].program: there is no python program "mian" '
                '(did you mean "main"?); there is "main"'
            ),
            id="a program that does not exist",
        ),
        pytest.param(
            [
                ('side    = "python"\n', 'side    = "python"\nprogram = "mended"\n'),
                MENDED,
                with_first('program = ["main", "mended"]'),
            ],
            (
                'example.toml:27: control[0].program: there is no python program "mended"; '
                'there is "main"'
            ),
            id="a program of the other side",
        ),
        pytest.param(
            [('["worker-comes-first"]', "[]")],
            (
                "example.toml:24: control[0].breaks: expected the properties that it must "
                "break, found none"
            ),
            id="nothing that breaks",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-come-first"]')],
            (
                "example.toml:24: control[0].breaks: there is no property "
                '"worker-come-first" (did you mean "worker-comes-first"?); there is '
                '"worker-counts", "worker-comes-first"'
            ),
            id="a property that does not exist",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-counts", "worker-counts"]')],
            'example.toml:24: control[0].breaks: "worker-counts" is there twice',
            id="a property twice",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-counts"]'), with_first('side = "rust"')],
            ('example.toml:25: control[0].breaks: "worker-counts" says nothing of main.py'),
            id="a property of the other side",
        ),
        pytest.param(
            [
                ('side    = "python"\n', 'side    = "rust"\nprogram = "mended"\n'),
                MENDED,
                with_first('program = ["main", "mended"]'),
            ],
            (
                'example.toml:30: control[0].breaks: "worker-comes-first" says nothing of '
                "src/bin/mended.rs"
            ),
            id="a property of another program",
        ),
        pytest.param(
            [('replace = "worker.join()"\nwith    = "pass"\n', "")],
            ('example.toml:19: control[0]: expected "replace" and "with", or "edits", or "patch"'),
            id="no change",
        ),
        pytest.param(
            [('with    = "pass"\n', 'with    = "pass"\npatch = "mended.py"\n')],
            ('example.toml:19: control[0]: expected "replace" and "with", or "edits", or "patch"'),
            id="a change and a patch",
        ),
        pytest.param(
            [('with    = "pass"\n', 'with    = "pass"\nedits = [{ replace = "print" }]\n')],
            ('example.toml:22: control[0].replace: expected either "replace" or "edits", not both'),
            id="one edit and several",
        ),
        pytest.param(
            [('replace = "worker.join()"\n', "")],
            (
                'example.toml:22: control[0].with: expected "replace" beside it: the text '
                "that it stands for"
            ),
            id="a replacement of nothing",
        ),
        pytest.param(
            [('with    = "pass"', 'with    = "worker.join()"')],
            'example.toml:23: control[0].with: expected another text than "replace"',
            id="the same text again",
        ),
        pytest.param(
            [('replace = "worker.join()"', 'replace = ""')],
            "example.toml:22: control[0].replace: expected a text, found an empty one",
            id="an empty text",
        ),
        pytest.param(
            [
                (
                    'replace = "worker.join()"\nwith    = "pass"\n',
                    'edits = [{ replace = "print", wiht = "x" }]\n',
                )
            ],
            (
                'example.toml:22: control[0].edits[0]: unknown key "wiht" (did you mean '
                '"with"?); known here: "replace", "with"'
            ),
            id="an unknown key of an edit",
        ),
        pytest.param(
            [('replace = "worker.join()"\nwith    = "pass"\n', 'patch = "broken.diff"\n')],
            'example.toml:22: control[0].patch: there is no file "broken.diff"',
            id="a patch that is not there",
        ),
        pytest.param(
            [('replace = "worker.join()"\nwith    = "pass"\n', 'patch = "../broken.diff"\n')],
            ('example.toml:22: control[0].patch: "../broken.diff" leaves the example\'s directory'),
            id="a patch elsewhere",
        ),
        pytest.param(
            [('with    = "pass"\n', 'with    = "pass"\nbreak = "x"\n')],
            (
                'example.toml:24: control[0]: unknown key "break" (did you mean '
                '"breaks"?); known here: "breaks", "edits", "name", "patch", "program", '
                '"replace", "side", "why", "with"'
            ),
            id="an unknown key",
        ),
    ],
)
def test_a_control_that_controls_nothing_is_refused(
    tmp_path: Path, edits: list[Edit], message: str
) -> None:
    """The message names the control by its number, and what is wrong with it."""
    assert message == refusal(tmp_path, *edits)
