"""What the tests of the audit share: a small spec, and good runs of it."""

from __future__ import annotations

from pathlib import Path

from harness.judging.claims import Claims, make_claims
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.proof.audit.mutants import Good, good_of
from harness.values.program import Side
from harness.values.run import Exited, Run

WEAK = Path(__file__).parents[1] / "fixtures" / "weak"
EVERYTHING = """\
title   = "Everything"
summary = "For the tests of the audit."

[events]
"""


def spec_named(name: str) -> Spec:
    """One of the weak specs; ``sound`` is the one that is not."""
    return load_spec(WEAK / "specs" / name)


def write_spec(place: Path, declarations: str, breaks: str = "") -> Spec:
    """A spec with these events, properties and variants, around two empty programs."""
    directory = place / "specs" / "everything"
    (directory / "src").mkdir(parents=True)
    (directory / "main.py").write_text("", encoding="utf-8")
    (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    manifest = '[package]\nname = "everything"\nversion = "0.1.0"\nedition = "2021"\n'
    (directory / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (directory / "example.toml").write_text(EVERYTHING + declarations, encoding="utf-8")
    (directory / "breaks.toml").write_text(breaks, encoding="utf-8")
    return load_spec(directory)


def claims_of_side(spec: Spec, side: Side = Side.RUST) -> Claims:
    """What is claimed of the main program of a side, whatever the conditions."""
    program = spec.program(side, "main")
    assert program is not None
    return make_claims(spec, program, unmet=lambda _: "")


def run_of(stdout: str, side: Side = Side.RUST, *, stderr: str = "", code: int = 0) -> Run:
    """A run that printed this."""
    return Run(
        side=side,
        program="main",
        toolchain="",
        schedule="plain",
        index=0,
        ending=Exited(code),
        stdout=stdout.encode(),
        stderr=stderr.encode(),
    )


def good_run(spec: Spec, stdout: str, side: Side = Side.RUST) -> Good:
    """The same, read as a good run of a spec's main program."""
    return good_of(claims_of_side(spec, side), run_of(stdout, side))
