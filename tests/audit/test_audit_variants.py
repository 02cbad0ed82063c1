"""Variants: the changed text of a program, in a copy of its example."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from harness.judging.claims import make_claims
from harness.language.declarations import Edit, Spec
from harness.proof.copies import write_variants
from harness.proof.hanging import judge_to_the_end
from harness.proof.variants import variants_of
from harness.values.program import Side
from harness.values.run import Deadlocked, Exited, Run
from tests.audit.driver import spec_named


def read_from(spec: Spec, name: str) -> str:
    """The text of one of the example's files."""
    return (spec.directory / name).read_text(encoding="utf-8")


def test_a_control_becomes_a_variant_with_its_edits() -> None:
    """The text is changed, and nothing else of the example."""
    spec = spec_named("sound")
    first = next(iter(variants_of(spec, lambda path: read_from(spec, path))))
    assert ("one step more, in Python", ("in-turn",), "") == (first.name, first.breaks, first.fault)
    assert read_from(spec, "main.py").replace("range(1, 4)", "range(1, 5)") == first.text


def test_edits_that_get_in_each_others_way_are_a_fault() -> None:
    """An edit that an earlier one has made impossible is told."""
    spec = spec_named("sound")
    edits = (Edit(text="range(1, 4)", other=""), Edit(text="(1, 4)", other=""))
    control = replace(spec.controls[0], edits=edits)
    (variant,) = variants_of(replace(spec, controls=(control,)), lambda path: read_from(spec, path))
    expected = "expected '(1, 4)' exactly once, after the edits before it, in the program"
    assert f"{expected}, found it 0 times" == variant.fault


def test_rust_variants_are_crates_of_one_workspace(tmp_path: Path) -> None:
    """Each has a name of its own, one binary, and the changed text."""
    spec = spec_named("sound")
    scratches = write_variants(variants_of(spec, lambda path: read_from(spec, path)), tmp_path)
    crates = [scratch for scratch in scratches if scratch.variant.side is Side.RUST]
    workspace = tomllib.loads((tmp_path / "rust" / "Cargo.toml").read_text(encoding="utf-8"))
    names = [scratch.spec.directory.name for scratch in crates]
    assert sorted(names) == workspace["workspace"]["members"]
    for scratch in crates:
        assert scratch.variant.text == read_from(scratch.spec, "src/main.rs")
        manifest = tomllib.loads(read_from(scratch.spec, "Cargo.toml"))
        assert scratch.spec.name == manifest["package"]["name"]


def test_a_run_that_hung_owes_what_it_did_not_print() -> None:
    """For a control the lines that never came count, beside the hang itself."""
    spec = spec_named("sound")
    program = spec.program(Side.RUST, "main")
    assert program is not None
    claims = make_claims(spec, program, unmet=lambda _: "")
    run = Run(
        side=Side.RUST,
        program="main",
        toolchain="",
        schedule="plain",
        index=0,
        ending=Deadlocked(),
        stdout=b"step 1\n",
    )
    assert ["no-deadlock", "in-turn", "done-once"] == [
        finding.property for finding in judge_to_the_end(claims, run).findings
    ]
    ended = replace(run, ending=Exited(0))
    assert ["in-turn", "done-once"] == [
        finding.property for finding in judge_to_the_end(claims, ended).findings
    ]
