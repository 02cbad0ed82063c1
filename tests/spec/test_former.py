"""The form that specs had before: it says the same, and its faults are told where they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.values.errors import SpecError

FORMER = """\
title = "t"
topic = "topic"
summary = "s"
order = 7

[events]
worker = "worker {i:d}"
main   = "main {i:d}"

[programs.mended]
summary = "m"
python  = "mended.py"
rust    = "src/bin/pair-mended.rs"

[[property]]
name = "counts"
why  = "w"
program = ["main", "mended"]
values = { of = "worker.i", are = "0..2" }

[[property]]
name = "seen"
why  = "w"
in   = "some-run"
side = "rust"
program = "mended"
order = { chain = ["main", "worker"], first = true }

[[property]]
name = "outcome"
why  = "w"
[property.outcomes]
of = "main.i"
[[property.outcomes.are]]
is    = 1
grade = "required"
why   = "always once"
[[property.outcomes.are]]
is    = 2
grade = "acceptable"
why   = "twice"

[[property]]
name = "refused"
why  = "w"
side = "rust"
ending = { code = 101, reports = [{ panic = "no" }] }

[[control]]
name = "fewer"
side = "python"
program = "mended"
replace = "range(2)"
with = "range(1)"
breaks = ["counts"]

[[survivor]]
mutation = "drop main"
why = "it may be silent"
"""

PRESENT = """\
title = "t"
summary = "s"

[events]
worker = "worker {i:d}"
main   = "main {i:d}"

[programs.mended]
summary = "m"
python  = "mended.py"
rust    = "src/bin/pair-mended.rs"

[always.counts]
why = "w"
programs = ["main", "mended"]
values = { of = "worker.i", are = "0..2" }

[sometimes.seen]
why = "w"
programs = "rust:mended"
order = { chain = ["main", "worker"], first = true }

[always.outcome]
why = "w"
outcomes = { of = "main.i", are = [
    { is = 1, sometimes = "always once" },
    { is = 2, acceptable = "twice" },
] }

[always.refused]
why = "w"
ending = { code = 101, reports = [{ panic = "no" }] }
"""

VARIANTS = """\
[fewer]
breaks = ["counts"]
"python:mended" = { replace = "range(2)", with = "range(1)" }

["drop main unseen"]
breaks = []
why = "it may be silent"
trace = "drop main"
"""


def example(corpus: Path, text: str, variants: str = "") -> Path:
    """Its directory, with all its programs."""
    directory = corpus / "topic" / "pair"
    (directory / "src" / "bin").mkdir(parents=True, exist_ok=True)
    (directory / "example.toml").write_text(text, encoding="utf-8")
    if variants:
        (directory / "breaks.toml").write_text(variants, encoding="utf-8")
    for name in ("main.py", "mended.py"):
        (directory / name).write_text("for i in range(2): print('worker', i)\n", encoding="utf-8")
    for path in ("src/main.rs", "src/bin/pair-mended.rs"):
        (directory / path).write_text("fn main() {}\n", encoding="utf-8")
    (directory / "Cargo.toml").write_text(
        '[package]\nname = "pair"\nversion = "0.1.0"\nedition = "2021"\n', encoding="utf-8"
    )
    return directory


def without_places(spec: Spec) -> Spec:
    """The spec but for where its parts stand, and in what form."""
    return replace(
        spec,
        directory=Path(),
        digest="",
        breaks_digest="",
        is_former=False,
        events=tuple(replace(event, line=0) for event in spec.events),
        properties=tuple(replace(prop, line=0) for prop in spec.properties),
        controls=tuple(replace(control, line=0) for control in spec.controls),
        survivors=tuple(replace(survivor, line=0) for survivor in spec.survivors),
    )


def test_it_says_what_the_present_form_says(tmp_path: Path) -> None:
    """Properties, scopes, programs, grades, controls and what is accepted."""
    former = load_spec(example(tmp_path / "former", FORMER))
    present = load_spec(example(tmp_path / "present", PRESENT, VARIANTS))
    assert (True, False) == (former.is_former, present.is_former)
    assert without_places(present) == without_places(former)


def test_its_parts_stand_where_they_were_written(tmp_path: Path) -> None:
    """A finding names the line of its property."""
    spec = load_spec(example(tmp_path, FORMER))
    lines = FORMER.split("\n")
    for prop in spec.properties:
        assert f'name = "{prop.name}"' in lines[prop.line - 1 : prop.line + 1][-1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('name = "counts"\n', "", 'example.toml:15: property[0]: expected the key "name"'),
        ('name = "seen"', 'name = "counts"', 'property[1]: a second property "counts"'),
        ('in   = "some-run"', 'in = "one"', 'property[1].in: expected one of "every-run"'),
        ('are = "0..2"', "ar = 1", "example.toml:19: property[0].values: expected exactly one of"),
        ('side = "python"\n', "", 'control[0]: expected the key "side"'),
        ('replace = "range(2)"\nwith = "range(1)"', 'patch = "p"', "patches are gone"),
        ('"drop main"', '"python:main:drop:1"', "expected what the mutant changes, in breaks.toml"),
        ("[[control]]", "[control]", "control: expected a list of tables"),
    ],
)
def test_a_fault_is_told_where_it_stands(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """By the key that its author wrote."""
    assert 1 <= FORMER.count(old)
    with pytest.raises(SpecError) as caught:
        load_spec(example(tmp_path, FORMER.replace(old, new)))
    assert expected in str(caught.value)


def test_both_forms_at_once_are_refused(tmp_path: Path) -> None:
    """Beside a breaks.toml, or beside properties of the present form."""
    with pytest.raises(SpecError, match=r"expected \[always.NAME\]"):
        load_spec(example(tmp_path, FORMER, VARIANTS))
    (tmp_path / "topic" / "pair" / "breaks.toml").unlink()
    mixed = f'{FORMER}\n[always.more]\nwhy = "w"\ncount = {{ of = "main", is = 1 }}\n'
    with pytest.raises(SpecError, match=r"expected \[always.NAME\]"):
        load_spec(example(tmp_path, mixed))
