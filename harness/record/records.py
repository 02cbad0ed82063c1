"""What is recorded of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from harness.judging.claims import Claims
from harness.judging.judge import Judgement
from harness.language.properties.outcomes import outcome_text
from harness.record import checks
from harness.values.program import Side
from harness.values.run import Ending, Run
from harness.values.toolchain import Toolchain

MAX_RECORDING_BYTES = 1 << 18
"""Output of a run that is kept whole; a run that printed more is only counted."""

MAX_OUTCOME_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedProgram:
    """What evidence is about: one program as it was, under one exact toolchain.

    ``digest`` is that of the spec and all its programs, ``source`` that of
    this program alone. ``version`` is exact, ``toolchain`` the label that a
    user types.
    """

    example: str
    side: Side
    program: str
    digest: str
    source: str
    toolchain: str
    version: str

    @property
    def values(self) -> tuple[str, ...]:
        """All of it as texts, in the order of the fields; ``subject_from`` takes them."""
        return (
            self.example, self.side.value, self.program, self.digest, self.source,
            self.toolchain, self.version,
        )  # fmt: skip


def subject_from(values: Sequence[object]) -> RecordedProgram:
    """The subject with these ``values``; raises ValueError if it has none such."""
    example, side, program, digest, source, toolchain, version = map(checks.text, values)
    return RecordedProgram(
        example=example,
        side=Side(side),
        program=program,
        digest=digest,
        source=source,
        toolchain=toolchain,
        version=version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """All that judging a run again takes, beside what its record says.

    The last four fields are those of the toolchain and the machine that
    conditions of properties ask for.
    """

    stdout: bytes = b""
    stderr: bytes = b""
    arrivals: tuple[tuple[int, float], ...] = ()
    cpu_seconds: float = 0.0
    stray_processes: int = 0
    log: str = ""
    doubts: tuple[str, ...] = ()
    races: tuple[str, ...] = ()
    implementation: str = ""
    has_gil: bool | None = None
    cores: int = 1
    os: str = "linux"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run: of what, under what, what it came to, and when (UTC).

    ``signature`` stands for its interleaving (16 hexadecimal digits),
    ``broke`` names the properties that it violated, ``outcomes`` gives what it
    came to for each property that grades outcomes. ``recording`` is there for
    runs that may be kept. ``unconfirmed`` names the properties that broke in it
    and do not count, ``passed_over`` says with which threads it was loosely
    controlled. ``proof`` says of the last run of a search how many traces there
    were, each of which has been run.
    """

    subject: RecordedProgram
    schedule: str
    signature: str
    ending: Ending
    broke: tuple[str, ...] = ()
    outcomes: Mapping[str, str] = field(default_factory=dict)
    wall_seconds: float = 0.0
    when: datetime = field(default_factory=lambda: datetime.now(UTC))
    recording: KeptRun | None = None
    unconfirmed: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    proof: str = ""

    @property
    def strategy(self) -> str:
        """What kind of schedule it was put under."""
        return strategy_of(self.schedule)


def strategy_of(schedule: str) -> str:
    """The schedule without its seed: ``pct2/early`` of ``pct2:5/early``, ``plain`` of itself."""
    name, _, rest = schedule.partition(":")
    _, slash, mode = rest.partition("/")
    return f"{name}{slash}{mode}"


def subject_of(claims: Claims, toolchain: Toolchain) -> RecordedProgram:
    """What runs of the program under the toolchain are evidence about.

    Make it once for many runs: it digests the program's text.
    """
    return RecordedProgram(
        example=claims.spec.id,
        side=claims.program.side,
        program=claims.program.name,
        digest=claims.spec.digest,
        source=digest_of_source(claims.source),
        toolchain=toolchain.label,
        version=toolchain.version,
    )


def digest_of_source(source: str) -> str:
    """16 hexadecimal digits that stand for the text of a program."""
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def record_of(
    subject: RecordedProgram, claims: Claims, toolchain: Toolchain, run: Run, judgement: Judgement
) -> RunRecord:
    """The record of a run that has just been made and judged."""
    return RunRecord(
        subject=subject,
        schedule=run.schedule,
        signature=judgement.signature,
        ending=run.ending,
        broke=tuple(dict.fromkeys(finding.property for finding in judgement.findings)),
        outcomes=_outcomes(claims, judgement),
        wall_seconds=run.wall_seconds,
        recording=_recording(toolchain, run),
        unconfirmed=tuple(dict.fromkeys(finding.property for finding in judgement.unconfirmed)),
        passed_over=tuple(map(str, judgement.passed_over)),
    )


def _outcomes(claims: Claims, judgement: Judgement) -> dict[str, str]:
    graded = {prop.name for prop in claims.properties if prop.family == "outcomes"}
    return {
        # Cut, not left out: two long outcomes that begin alike are one, which is better than a
        # record that grows with what programs print.
        name: outcome_text(seen)[:MAX_OUTCOME_CHARACTERS]
        for name, seen in judgement.observed.items()
        if name in graded and isinstance(seen, tuple)
    }


def _recording(toolchain: Toolchain, run: Run) -> KeptRun | None:
    if len(run.stdout) + len(run.stderr) + len(run.log) > MAX_RECORDING_BYTES:
        return None
    return KeptRun(
        stdout=run.stdout,
        stderr=run.stderr,
        arrivals=run.arrivals,
        cpu_seconds=run.cpu_seconds,
        stray_processes=run.stray_processes,
        log=run.log,
        doubts=run.doubts,
        races=run.races,
        implementation=toolchain.implementation,
        has_gil=toolchain.has_gil,
        cores=toolchain.cores,
        os=toolchain.os,
    )


def run_of(record: RunRecord) -> Run:
    """The run as it was, for judging it again; raises ValueError if it was only counted."""
    kept = record.recording
    if kept is None:
        raise ValueError(f"{record.schedule}: what this run printed was not kept")
    subject = record.subject
    return Run(
        side=subject.side,
        program=subject.program,
        toolchain=subject.toolchain,
        schedule=record.schedule,
        index=0,
        ending=record.ending,
        stdout=kept.stdout,
        stderr=kept.stderr,
        arrivals=kept.arrivals,
        wall_seconds=record.wall_seconds,
        cpu_seconds=kept.cpu_seconds,
        stray_processes=kept.stray_processes,
        log=kept.log,
        doubts=kept.doubts,
        races=kept.races,
    )


def toolchain_of(record: RunRecord) -> Toolchain:
    """The toolchain as conditions of properties see it; it cannot be started.

    Raises ValueError if the run was only counted.
    """
    kept = record.recording
    if kept is None:
        raise ValueError(f"{record.schedule}: what this run printed was not kept")
    subject = record.subject
    return Toolchain(
        side=subject.side,
        label=subject.toolchain,
        version=subject.version,
        program=Path(subject.toolchain),
        implementation=kept.implementation,
        has_gil=kept.has_gil,
        cores=kept.cores,
        os=kept.os,
    )
