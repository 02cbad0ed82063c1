"""``breaks.toml``: variants that can be made, and name what they break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.language.declarations import Edit as Change
from harness.language.spec import load_spec
from harness.values.program import Side
from tests.spec.examples import (
    BREAKS,
    MENDED,
    SPEC,
    Edit,
    edited,
    refusal_of,
    with_first,
    write_example,
)

if TYPE_CHECKING:
    from pathlib import Path

    from harness.language.declarations import Spec

CHANGE = '{ replace = "worker.join()", with = "pass" }'
ON_RUST = 'rust   = { replace = "let x", with = "let z" }\n'
BOTH = with_first('programs = ["main", "mended"]')


def example(corpus: Path, breaks: str, edits: list[Edit]) -> Path:
    """An example with these variants."""
    return write_example(corpus, edited(edits, SPEC), breaks=breaks)


def loaded(corpus: Path, breaks: str, *edits: Edit) -> Spec:
    """Its spec."""
    return load_spec(example(corpus, breaks, list(edits)))


@pytest.mark.parametrize(
    ("changes", "edits", "message"),
    [
        pytest.param(
            [('["join forgotten"]', "[[control]]")],
            [],
            (
                "breaks.toml:1: control: expected a table named by what is changed, such "
                'as ["join forgotten"], found [[control]]'
            ),
            id="the old form",
        ),
        pytest.param(
            [('["join forgotten"]', "[[survivor]]")],
            [],
            (
                "breaks.toml:1: survivor: expected a table named by what is changed, such "
                'as ["join forgotten"], found [[survivor]]'
            ),
            id="the old survivors",
        ),
        pytest.param(
            [('["join forgotten"]', '[" "]')],
            [],
            'breaks.toml:1: " ": expected a name, found an empty one',
            id="a name of blanks",
        ),
        pytest.param(
            [(BREAKS, 'breaks = ["worker-counts"]\n')],
            [],
            "breaks.toml:1: breaks: expected a table, found a list",
            id="no table",
        ),
        pytest.param(
            [("python", "ruby")],
            [],
            (
                'breaks.toml:3: "join forgotten".ruby: expected what is changed in one of '
                "python, rust, found something else"
            ),
            id="another side",
        ),
        pytest.param(
            [("python", '"python:mian"')],
            [],
            (
                'breaks.toml:3: "join forgotten"."python:mian": there is no program '
                '"python:mian" (did you mean "python"?); there is "main", "python", "rust"'
            ),
            id="a program that does not exist",
        ),
        pytest.param(
            [("python", '"python:mended"')],
            [MENDED, BOTH],
            (
                'breaks.toml:3: "join forgotten"."python:mended": there is no program '
                '"python:mended" (did you mean "rust:mended"?); there is "main", "mended", '
                '"python", "rust", "rust:mended"'
            ),
            id="a program of the other side",
        ),
        pytest.param(
            [('breaks = ["worker-comes-first"]\n', "")],
            [],
            ('breaks.toml:1: "join forgotten": expected the key "breaks", which is missing'),
            id="nothing said of what breaks",
        ),
        pytest.param(
            [('["worker-comes-first"]', "[]")],
            [],
            (
                'breaks.toml:1: "join forgotten": expected the key "why": for what reason '
                "nothing has to break"
            ),
            id="nothing that breaks, and no reason",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-come-first"]')],
            [],
            (
                'breaks.toml:2: "join forgotten".breaks: there is no property '
                '"worker-come-first" (did you mean "worker-comes-first"?); there is '
                '"worker-counts", "worker-comes-first"'
            ),
            id="a property that does not exist",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-counts", "worker-counts"]')],
            [],
            'breaks.toml:2: "join forgotten".breaks: "worker-counts" is there twice',
            id="a property twice",
        ),
        pytest.param(
            [('["worker-comes-first"]', '["worker-counts"]')],
            [with_first('programs = "rust"')],
            ('breaks.toml:2: "join forgotten".breaks: "worker-counts" says nothing of main.py'),
            id="a property of the other side",
        ),
        pytest.param(
            [
                ('["worker-comes-first"]', '["worker-counts"]'),
                (f"python = {CHANGE}\n", f"python = {CHANGE}\n{ON_RUST}"),
            ],
            [with_first('programs = "rust"')],
            ('breaks.toml:2: "join forgotten".breaks: none of them says anything of main.py'),
            id="a property of one of its programs only",
        ),
        pytest.param(
            [("python", '"rust:mended"')],
            [MENDED, BOTH],
            (
                'breaks.toml:2: "join forgotten".breaks: "worker-comes-first" says nothing '
                "of src/bin/mended.rs"
            ),
            id="a property of another program",
        ),
        pytest.param(
            [(f"python = {CHANGE}\n", "")],
            [],
            (
                'breaks.toml:1: "join forgotten": expected what is changed, as { replace = '
                '"…", with = "…" }, in python, rust'
            ),
            id="no change",
        ),
        pytest.param(
            [(CHANGE, '"pass"')],
            [],
            (
                'breaks.toml:3: "join forgotten".python: expected a list of tables, found '
                "the text 'pass'"
            ),
            id="a text for a change",
        ),
        pytest.param(
            [(CHANGE, "[]")],
            [],
            (
                'breaks.toml:3: "join forgotten".python: expected at least one change, '
                "found an empty list"
            ),
            id="an empty list of changes",
        ),
        pytest.param(
            [(CHANGE, '["pass"]')],
            [],
            (
                'breaks.toml:3: "join forgotten".python[0]: expected a table, found the '
                "text 'pass'"
            ),
            id="a list of texts",
        ),
        pytest.param(
            [('replace = "worker.join()", ', "")],
            [],
            (
                'breaks.toml:3: "join forgotten".python: expected the key "replace", which '
                "is missing"
            ),
            id="a replacement of nothing",
        ),
        pytest.param(
            [('with = "pass"', 'with = "worker.join()"')],
            [],
            ('breaks.toml:3: "join forgotten".python.with: expected another text than "replace"'),
            id="the same text again",
        ),
        pytest.param(
            [('replace = "worker.join()"', 'replace = ""')],
            [],
            ('breaks.toml:3: "join forgotten".python.replace: expected a text, found an empty one'),
            id="an empty text",
        ),
        pytest.param(
            [(CHANGE, '{ replace = "print", wiht = "x" }')],
            [],
            (
                'breaks.toml:3: "join forgotten".python: unknown key "wiht" (did you mean '
                '"with"?); known here: "replace", "with"'
            ),
            id="an unknown key of a change",
        ),
        pytest.param(
            [(CHANGE, '{ swap = ["worker.join()"] }')],
            [],
            (
                'breaks.toml:3: "join forgotten".python.swap: expected two texts that '
                "change places, one unlike the other"
            ),
            id="one text that changes places",
        ),
        pytest.param(
            [(CHANGE, '{ swap = ["a", "b"], with = "c" }')],
            [],
            ('breaks.toml:3: "join forgotten".python: unknown key "with"; known here: "swap"'),
            id="a swap with something",
        ),
        pytest.param(
            [(CHANGE, '{ after = "worker.join()" }')],
            [],
            ('breaks.toml:3: "join forgotten".python: expected the key "add", which is missing'),
            id="an addition of nothing",
        ),
        pytest.param(
            [(CHANGE, '{ add = "pass" }')],
            [],
            ('breaks.toml:3: "join forgotten".python: expected the key "after", which is missing'),
            id="an addition nowhere",
        ),
        pytest.param(
            [("breaks", 'break = "x"\nbreaks')],
            [],
            (
                'breaks.toml:2: "join forgotten": unknown key "break" (did you mean '
                '"breaks"?); known here: "breaks", "python", "why"'
            ),
            id="an unknown key",
        ),
        pytest.param(
            [(f"python = {CHANGE}", 'trace = "drop worker"')],
            [],
            (
                'breaks.toml:2: "join forgotten".breaks: expected []: a mutated trace that '
                "is refused needs no word"
            ),
            id="a trace that breaks something",
        ),
        pytest.param(
            [(f"python = {CHANGE}", 'trace = []\nwhy = "x"'), ('["worker-comes-first"]', "[]")],
            [],
            (
                'breaks.toml:3: "join forgotten".trace: expected a mutation of traces, '
                'such as "drop worker", found none'
            ),
            id="no trace",
        ),
        pytest.param(
            [
                (f"python = {CHANGE}", 'trace = "drop worker"\nwhy = "x"\nprograms = "ruby"'),
                ('["worker-comes-first"]', "[]"),
            ],
            [],
            (
                'breaks.toml:5: "join forgotten".programs: there is no program "ruby"; '
                'there is "main", "python", "rust"'
            ),
            id="a trace of no program",
        ),
    ],
)
def test_a_variant_that_means_nothing_is_refused(
    tmp_path: Path, changes: list[Edit], edits: list[Edit], message: str
) -> None:
    """The message names the file, the variant, and what is wrong with it."""
    assert message == refusal_of(example(tmp_path, edited(changes, BREAKS), edits))


def test_a_variant_is_written_once_for_all_its_programs(tmp_path: Path) -> None:
    """It becomes a control of each, named apart, with what it breaks there."""
    breaks = (
        f'{BREAKS.replace("comes-first", "counts")}{ON_RUST}"rust:mended" = {{ replace = "x" }}\n'
    )
    spec = loaded(
        tmp_path,
        breaks.replace('"worker-counts"', '"worker-counts", "worker-comes-first"'),
        MENDED,
        BOTH,
    )
    assert [
        (Side.PYTHON, "main", "join forgotten, in Python", ("worker-counts", "worker-comes-first")),
        (Side.RUST, "main", "join forgotten, in rust", ("worker-counts", "worker-comes-first")),
        (Side.RUST, "mended", "join forgotten, in rust:mended", ("worker-counts",)),
    ] == [(each.side, each.program, each.name, each.breaks) for each in spec.controls]


def test_two_variants_that_come_to_one_name_are_refused(tmp_path: Path) -> None:
    """A report could not tell them apart."""
    other = '["join forgotten, in Rust"]\nbreaks = ["worker-counts"]\n' + ON_RUST
    directory = example(tmp_path, f"{BREAKS}{ON_RUST}{other}", [])
    assert (
        'breaks.toml:5: "join forgotten, in Rust": a second variant "join forgotten, in Rust"; '
        "the first is on line 1" == refusal_of(directory)
    )


def test_a_variant_that_breaks_nothing_is_accepted_with_its_reason(tmp_path: Path) -> None:
    """It is no control, and neither is a mutation of traces."""
    breaks = (
        f'["x"]\nbreaks = []\nwhy = "y"\npython = {CHANGE}\n'
        '["z"]\nbreaks = []\nwhy = "w"\ntrace = ["drop worker", "drop main"]\nprograms = "python"\n'
    )
    spec = loaded(tmp_path, breaks)
    assert ((), ["x"], ["drop worker", "drop main"]) == (
        spec.controls,
        [each.name for each in spec.accepted],
        [each.mutation for each in spec.survivors],
    )
    assert [True, False] == [spec.survivors[0].is_about(side, "main") for side in Side]


@pytest.mark.parametrize(("change", "expected"), [
    pytest.param('{ replace = "a", with = "b" }', [Change(text="a", other="b")], id="one"),
    pytest.param('{ replace = "a" }', [Change(text="a", other="")], id="taken away"),
    pytest.param('[{ replace = "a" }, { swap = ["b", "c"] }]',
                 [Change(text="a", other=""), Change(text="b", other="c", kind="swap")], id="two"),
    pytest.param('{ after = "a", add = ["b", "  c"] }',
                 [Change(text="a", other="b\n  c", kind="add")], id="lines that are added"),
])  # fmt: skip
def test_a_change_is_said_in_one_of_three_ways(
    tmp_path: Path, change: str, expected: list[Change]
) -> None:
    """Replaced, swapped, added; several one after the other."""
    (control,) = loaded(tmp_path, BREAKS.replace(CHANGE, change)).controls
    assert expected == list(control.edits)


def test_an_example_without_variants_is_one(tmp_path: Path) -> None:
    """Authors begin there; and what its programs are is no other thing for a change of variants."""
    directory = write_example(tmp_path)
    spec = load_spec(directory)
    (directory / "breaks.toml").unlink()
    bare = load_spec(directory)
    assert ((), "", spec.digest) == (bare.controls, bare.breaks_digest, bare.digest)
    assert spec.full_digest != bare.full_digest
