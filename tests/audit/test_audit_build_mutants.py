"""Mutants of what the compiler said of a program that it refuses."""

from __future__ import annotations

import pytest

from harness.language.properties.compile_error import CompileError, Error
from harness.proof.audit.build_mutants import build_mutants
from harness.values.toolchain import Diagnostic, Place, Refused

SOURCE = "fn main() {\n    let x = y;\n}\n"
REFUSED = Refused(
    diagnostics=(
        Diagnostic(
            message="no y",
            code="E0425",
            place=Place(file="src/main.rs", line=2, text="    let x = y;"),
        ),
    )
)


@pytest.mark.parametrize(("at", "accepted"), [("let x", []), ("", ["move the error"])])
def test_a_claim_without_a_place_does_not_see_that_the_error_moves(
    at: str, accepted: list[str]
) -> None:
    """The error is moved whether the claim says where it is or not, so that the hole is found."""
    rule = CompileError(errors=(Error(code="E0425", at=at),), mended="mended")
    mutants = build_mutants(REFUSED, rule)
    assert accepted == [m.name for m in mutants if not rule.judge_build(m.build, SOURCE)]
