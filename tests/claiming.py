"""Claims and runs made for a test: a spec's text becomes claims of one of its programs."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from harness.judging.claims import Claims, make_claims
from harness.language.spec import load_spec
from harness.values.program import Side
from harness.values.run import Ending, Exited, Run

WELL = Exited(0)
HEAD = 'title = "T"\nsummary = "S."\n'


@cache
def claims_of(text: str, side: Side = Side.RUST) -> Claims:
    """What a spec, given without its title, topic and summary, claims of one side's main."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place, "topic", "name")
        (directory / "src").mkdir(parents=True)
        (directory / "main.py").write_text("")
        (directory / "src" / "main.rs").write_text("")
        (directory / "example.toml").write_text(HEAD + text)
        spec = load_spec(directory)
    program = spec.program(side, "main")
    assert program is not None
    return make_claims(spec, program, unmet=lambda _: "")


def run_of(
    claims: Claims, stdout: bytes | str = b"", *, stderr: bytes = b"", ending: Ending = WELL
) -> Run:
    """A run of the claims' program that gave this."""
    return Run(
        side=claims.program.side,
        program="main",
        toolchain="any",
        schedule="plain",
        index=0,
        ending=ending,
        stdout=stdout.encode() if isinstance(stdout, str) else stdout,
        stderr=stderr,
    )
