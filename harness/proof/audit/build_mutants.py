"""Mutants of what the compiler said of a program that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.language.properties.compile_error import CompileError
from harness.values.toolchain import Build, Built, Diagnostic, Refused

_OTHER_CODE = "E0999"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildMutant:
    """A refusal that differs from the true one in one respect, and how that is called."""

    name: str
    build: Build


def build_mutants(refused: Refused, rule: CompileError) -> Iterator[BuildMutant]:
    """All mutants of a refusal that ``rule`` accepts.

    A message is changed only where the rule asks for it: compilers reword
    messages, and the code stays. Its place is changed always: a rule that
    does not say where the error is has a hole.
    """
    errors = [d for d in refused.diagnostics if d.place is not None]
    yield BuildMutant(name="let it compile", build=Built(command=("true",)))
    yield BuildMutant(name="drop all errors", build=Refused(diagnostics=()))
    for error in errors:
        rest = tuple(d for d in refused.diagnostics if d is not error)
        for name, changed in _changes(error, rule):
            yield BuildMutant(name=name, build=Refused(diagnostics=(*rest, changed)))
        double = (*refused.diagnostics, replace(error, code=_OTHER_CODE))
        yield BuildMutant(name="add an error", build=Refused(diagnostics=double))
        if rest:
            yield BuildMutant(name="drop an error", build=Refused(diagnostics=rest))


def _changes(error: Diagnostic, rule: CompileError) -> Iterator[tuple[str, Diagnostic]]:
    """Only what the rule claims is changed: what it leaves open it need not notice."""
    assert error.place is not None  # noqa: S101 - the caller has asked
    if any(claim.code for claim in rule.errors):
        yield "change the error code", replace(error, code=_OTHER_CODE)
    if any(claim.message is not None for claim in rule.errors):
        yield "change the error message", replace(error, message="quite another matter")
    place = replace(error.place, line=error.place.line + 1, text="")
    yield "move the error", replace(error, place=place)
