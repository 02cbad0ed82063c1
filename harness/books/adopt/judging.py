"""What a chapter prints, held against the program: seen, impossible, or not seen so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.authoring.propose.gathering import Gathered
from harness.bench.enumerating import enumerate_outputs
from harness.bench.subject import Subject
from harness.books.adopt.blocks import CodeBlock, is_compilers
from harness.books.adopt.printing import impossible_by_prints
from harness.judging.claims import make_claims
from harness.judging.transcripts import judge_transcript, untold
from harness.language.declarations import Spec
from harness.language.sources import source_of
from harness.schedules.names import parse_schedule
from harness.values.program import Side
from harness.values.run import Run
from harness.values.toolchain import Refused, Toolchain
from harness.values.words import shortened

MOST_SCHEDULES = 400
SECONDS = 60.0
"""What is spent on running every schedule of a program whose printed output no run has shown."""

_CODE = re.compile(r"^error\[(E\d{4})\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one printed output: ``word`` in a word, ``why`` with what was tried."""

    side: Side
    line: int
    word: str
    why: str

    def __str__(self) -> str:
        """``printed at line 12 (rust): seen, in 4 of 130 runs``."""
        return f"printed at line {self.line} ({self.side.value}): {self.word}, {self.why}"


SEEN, IMPOSSIBLE, UNSEEN = "seen", "impossible", "not seen"


def judge_refusal(side: Side, block: CodeBlock, refused: Refused, toolchain: Toolchain) -> Said:
    """What the chapter prints of a program that the compiler refuses."""
    codes = sorted({each.code for each in refused.diagnostics if each.code})
    told = ", ".join(codes) or refused.diagnostics[0].message
    if not is_compilers(block.text):
        return Said(side, block.line, IMPOSSIBLE, f"{toolchain.title} refuses it: {told}")
    if codes == sorted(set(_CODE.findall(block.text))):
        return Said(side, block.line, SEEN, f"{toolchain.title} refuses it so: {told}")
    return Said(side, block.line, UNSEEN, f"{toolchain.title} refuses it otherwise: {told}")


def judge_printed(
    spec: Spec, gathered: Gathered, side: Side, block: CodeBlock, subject: Subject | None
) -> Said:
    """What the chapter prints of a program that runs, held against its runs and its text."""
    program = spec.program(side, "main")
    recorded = gathered.recorded.get((side, "main"))
    if program is None or recorded is None:
        return Said(side, block.line, UNSEEN, "since it could not be run")
    if is_compilers(block.text):
        title = subject.toolchain.title if subject else "the compiler"
        return Said(side, block.line, UNSEEN, f"since {title} takes the program")
    same = sum(_lines(run.stdout) == _lines(block.text) for run in recorded.runs)
    tried = _tried(recorded.runs)
    if same:
        return Said(side, block.line, SEEN, f"in {same} of {tried}")
    found = impossible_by_prints(side, source_of(spec, program), block.text)
    if found is not None:
        why = f"since no print of the program gives its line {found.line}, {_quoted(found.text)}"
        return Said(side, block.line, IMPOSSIBLE, why)
    return _by_search(block, side, tried, subject) or _by_what_held(spec, side, block, tried)


def _by_search(block: CodeBlock, side: Side, tried: str, subject: Subject | None) -> Said | None:
    """What running every schedule says, where there are few enough."""
    if subject is None or subject.uncontrolled or subject.steered is None:
        return None
    outputs = enumerate_outputs(subject, most=MOST_SCHEDULES, seconds=SECONDS)
    same = sum(times for text, times in outputs.texts.items() if _lines(text) == _lines(block.text))
    if same:
        why = f"under {same} of {outputs.schedules} schedules, though in none of {tried}"
        return Said(side, block.line, SEEN, why)
    if not outputs.is_complete:
        return None
    between = "between lines" if side is Side.PYTHON else "between threads"
    if outputs.schedules == 1:
        why = f"since the only schedule that it has gives another, as {tried} did"
        return Said(side, block.line, IMPOSSIBLE, why)
    why = (
        f"since none of all its {outputs.schedules} schedules gives it: each hand-over {between}, "
        f"at up to {outputs.points} points a run, was tried, and {tried} before"
    )
    return Said(side, block.line, IMPOSSIBLE, why)


def _by_what_held(spec: Spec, side: Side, block: CodeBlock, tried: str) -> Said:
    """What always held of the runs and does not of the printed output: no proof, but telling."""
    names = _broken(spec, side)
    held = (
        f"; it breaks {', '.join(names)}, which held in all of them"
        if names
        else "; it breaks nothing that held in all of them"
    )
    return Said(side, block.line, UNSEEN, f"in {tried}{held}")


def _broken(spec: Spec, side: Side) -> Sequence[str]:
    """The properties that the printed output breaks, of all that was seen to hold."""
    program = spec.program(side, "main")
    if program is None:
        return ()
    claims = make_claims(spec, program, unmet=untold, source=source_of(spec, program))
    judgement = judge_transcript(claims, printed_path(spec.directory, side))
    return tuple(dict.fromkeys(finding.property for finding in judgement.findings))


def printed_path(directory: Path, side: Side) -> Path:
    """Where the draft keeps what the chapter prints of a side."""
    return directory / "printed" / f"{side.value}.txt"


def _tried(runs: Sequence[Run]) -> str:
    controlled = sum(parse_schedule(run.schedule).is_controlled for run in runs)
    return f"{len(runs)} runs ({len(runs) - controlled} plain, {controlled} controlled)"


def _lines(printed: bytes | str) -> list[str]:
    """The lines, without what an editor takes off a block: blanks at their ends, and the last."""
    text = printed.decode("utf-8", "backslashreplace") if isinstance(printed, bytes) else printed
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _quoted(text: str) -> str:
    return f'"{shortened(text)}"'
