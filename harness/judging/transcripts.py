"""Judge a recorded transcript against a spec: no program is run, and it may be of any length."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.judging.claims import Claims
from harness.judging.judge import Judgement, judge_stream
from harness.judging.stderr import Stderr
from harness.language.declarations import Property
from harness.values.run import Exited, Run

SCHEDULE = "recorded"


def judge_transcript(claims: Claims, path: Path) -> Judgement:
    """Judge what ``path`` holds as the whole stdout of a run that exited with code 0.

    The file is read in blocks, and once more for the excerpt of each finding:
    memory does not grow with its length.
    """
    judgement = judge_stream(claims, _run_of(claims), lambda: path.open("rb"), Stderr())
    findings = tuple(replace(f, run_index=None, reproduce="") for f in judgement.findings)
    return replace(judgement, findings=findings)


def untold(prop: Property) -> str:
    """Why a transcript does not tell whether a property holds; empty if it does."""
    if not prop.when.is_empty:
        return "a transcript does not say where it was made"
    if prop.rule.replaces_ending:
        return "a transcript does not say how the run ended"
    if prop.family == "speed" and not list(prop.rule.selectors()):
        return "a transcript does not say what the process cost"
    return ""


def _run_of(claims: Claims) -> Run:
    """A run that a transcript stands for: it ended well, as far as anybody knows."""
    program = claims.program
    return Run(
        side=program.side,
        program=program.name,
        toolchain="",
        schedule=SCHEDULE,
        index=0,
        ending=Exited(0),
    )
