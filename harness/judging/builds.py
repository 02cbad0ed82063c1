"""What is wrong with how programs compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from harness.language.declarations import Spec
from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.toolchain import Build, Built, NotBuilt, Place, Refused


def judge_builds(
    spec: Spec,
    builds: Iterable[tuple[Program, Build]],
    toolchain: str,
    unmet: Mapping[str, str],
    sources: Mapping[str, str],
) -> tuple[Finding, ...]:
    """What is wrong with how the programs compiled.

    ``unmet`` names properties that do not apply, ``sources`` gives the text
    of each program by its name, for places.
    """
    return tuple(
        finding
        for program, build in builds
        for finding in (
            *_judge_refusal(spec, program, build, toolchain, unmet, sources[program.name]),
            *_judge_build(spec, program, build, toolchain),
        )
    )


def _judge_refusal(
    spec: Spec,
    program: Program,
    build: Build,
    toolchain: str,
    unmet: Mapping[str, str],
    source: str,
) -> Iterator[Finding]:
    """What the compile-error properties say of one build; places are told by ``source``."""
    for prop in spec.properties:
        if prop.family == "compile-error" and prop.covers(program) and prop.name not in unmet:
            for violation in prop.rule.judge_build(build, source):
                yield _of_build(prop.name, prop.why, violation, program, toolchain, prop.line)


def _judge_build(spec: Spec, program: Program, build: Build, toolchain: str) -> Iterator[Finding]:
    """That a program was not built, unless the spec says that the compiler refuses it."""
    match build:
        case Built():
            return
        case Refused(diagnostics=diagnostics):
            if spec.is_refused(program):
                return
            message = say("builds.refused", program=program.path)
            found = "\n".join(d.rendered or d.message for d in diagnostics)
        case NotBuilt(reason=reason, detail=detail):
            is_read = program.side is Side.PYTHON and build.place is not None
            message = say("builds.no-python" if is_read else "builds.not", program=program.path)
            found = say("each-on-a-line", items=(reason, detail)) if detail else reason
        case _:
            assert_never(build)
    violation = Violation(message=message, expected=say("builds.a-program"), found=found)
    finding = _of_build("builds", say("builds.why"), violation, program, toolchain)
    yield replace(finding, place=_place_of(build))


def _place_of(build: Refused | NotBuilt) -> Place | None:
    """Where the compiler says that the program is wrong, if it does."""
    if isinstance(build, NotBuilt):
        return build.place
    diagnostics = build.diagnostics
    return next((each.place for each in diagnostics if each.place), None)


def _of_build(
    name: str, why: str, violation: Violation, program: Program, toolchain: str, line: int = 0
) -> Finding:
    """A finding of a build, which has no run, no schedule and no trace."""
    return Finding(
        property=name,
        why=why,
        violation=violation,
        side=program.side,
        program=program.name,
        toolchain=toolchain,
        line=line,
    )
