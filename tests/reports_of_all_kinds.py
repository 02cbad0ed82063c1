"""A report in which everything occurs that a report can hold, and one of hostile texts."""

from __future__ import annotations

from pathlib import Path

from harness.values.finding import Excerpt, Finding, LaneRow, Line, Mark, Violation
from harness.values.program import Side
from harness.values.report import (
    Observation,
    Outcome,
    PropertyResult,
    Report,
    Searched,
    Shard,
    Verdict,
)
from harness.values.run import PassedOver
from harness.values.toolchain import Place, Toolchain


def toolchain(side: Side, label: str, version: str, **others: object) -> Toolchain:
    """A toolchain that needs not be there."""
    name = "CPython" if side is Side.PYTHON else ""
    return Toolchain(
        side=side,
        label=label,
        version=version,
        program=Path("/opt", label),
        implementation=name,
        **others,  # type: ignore[arg-type]
    )


def verdict(example: str, side: Side, label: str, outcome: Outcome, **others: object) -> Verdict:
    """A verdict with that outcome."""
    return Verdict(
        example=example,
        side=side,
        toolchain=label,
        outcome=outcome,
        **others,  # type: ignore[arg-type]
    )


PY39 = toolchain(Side.PYTHON, "3.9", "3.9.18", has_gil=True, cores=2)
PY313T = toolchain(Side.PYTHON, "3.13t", "3.13.0", has_gil=False, cores=2)
STABLE = toolchain(
    Side.RUST, "stable", "1.95.0", cargo=Path("/opt/cargo"), cargo_version="1.95.0", cores=2,
    environment={"RUSTUP_TOOLCHAIN": "stable"},
)  # fmt: skip

OUT_OF_ORDER = Finding(
    property="join-comes-first",
    why="main goes on only after join has returned",
    violation=Violation(
        message="main was printed before the last worker",
        marks=(Mark(line=2, note="too early"),),
        expected="worker before main",
        found="main, then worker",
    ),
    side=Side.RUST,
    toolchain="stable",
    schedule="random:17",
    run_index=3,
    line=12,
    excerpt=Excerpt(
        lines=(
            Line(1, "hello 0", "worker", (0,)),
            Line(2, "done", "main"),
            Line(3, "hello 0.5 x", "worker", (0.5, "x")),
        ),
        marks=(Mark(line=2, note="too early"),),
        total=5,
    ),
    reproduce="harness run join --side rust --schedule random:17",
    occurrences=4,
    runs=12,
    lanes=(
        LaneRow(line=1, thread=1, text="hello 0"),
        LaneRow(line=2, thread=0, text="done", preempted=(1,), note="too early"),
    ),
    switches=1,
)

UNCONFIRMED = Finding(
    property="no-deadlock",
    why="some thread can always go on",
    violation=Violation(message="no thread can go on", expected="an end", found="main waits"),
    side=Side.PYTHON,
    toolchain="3.9",
    schedule="random:3",
    run_index=21,
    doubts=("the run was loosely controlled: thread 1 was passed over",),
    confirmation="none of 20 plain runs shows it",
    runs=60,
)

NOT_BUILT = Finding(
    property="builds",
    why="a program compiles",
    violation=Violation(
        message="src/main.rs does not compile", expected="a program", found="error[E0425]: …"
    ),
    side=Side.RUST,
    toolchain="stable",
    place=Place(file="src/main.rs", line=7, column=5, text="    lost();"),
)

FULL = Report(
    verdicts=(
        verdict(
            "life-cycle/join", Side.PYTHON, "3.9", Outcome.PASSED, runs=20, interleavings=3,
            torn_lines=1, seconds=0.5, is_proved=True,
            searched=(Searched(program="main", traces=3, steps=9, over=("hand-overs",)),),
            properties=(PropertyResult(name="p", family="count", status="held", runs=20),),
        ),
        verdict("life-cycle/join", Side.PYTHON, "3.13t", Outcome.SKIPPED, reason="not run"),
        verdict(
            "life-cycle/join", Side.RUST, "stable", Outcome.FAILED, findings=(OUT_OF_ORDER,),
            runs=20, interleavings=7, seconds=0.25, notes=("a note",),
            properties=(
                PropertyResult(
                    name="q", family="overlap", status="not-seen", reason="r", witnesses=2
                ),
            ),
            observations=(
                Observation(
                    property="total", outcome="1999", grade="interesting", why="lost", count=3
                ),
            ),
        ),
        verdict(
            "gil/contention", Side.PYTHON, "3.9", Outcome.INCONCLUSIVE,
            reason="overlaps: not seen in 20 runs",
            unconfirmed=(UNCONFIRMED,),
            passed_over=(
                PassedOver(thread=1, call="flock", place="main.py:9", runs=3),
                PassedOver(thread=0, program="twin"),
            ),
        ),
        verdict("gil/contention", Side.PYTHON, "3.13t", Outcome.TIMED_OUT, findings=(
            Finding(
                property="ends-in-time", why="a program ends",
                violation=Violation(message="still ran after 10 s"), toolchain="3.13t",
            ),
        )),
        verdict("gil/contention", Side.RUST, "stable", Outcome.ERRORED, findings=(NOT_BUILT,)),
    ),
    toolchains=(PY39, PY313T, STABLE),
    notes=("the record of runs was busy",),
    gaps=("the call was ended",),
    missing=("/usr/bin/rustc: it does not answer",),
    faults=("life-cycle/join (rust):\nTraceback…\nValueError: no",),
    seconds=12.5,
    build_seconds=2.5,
    seed=4,
    runs_requested=20,
    shards=(Shard(index=2, count=5, cut="ab12"),),
    directories={
        "life-cycle/join": "examples/life-cycle/join",
        "gil/contention": "examples/gil/contention",
    },
)  # fmt: skip
"""Every outcome, every field."""

HOSTILE_TEXTS = (
    "::error file=a,line=1::owned",
    "%0A::error::owned",
    "##[error]owned",
    "]]>",
    "<script>alert(1)</script> & &amp;",
    "```\n# heading\n``` ````` | `x` | </details>",
    "\x1b[31mred\x1b[0m \x07 \x00 \r\r\n \u2028 \u202e \x85",
    "\ud800 \udcff \ufffe \uffff",
    "x" * 1_000_000,
    "`" * 100_000,
)


def hostile(text: str) -> Report:
    """A report in which a program's text is everywhere where such a text may be."""
    finding = Finding(
        property="known-lines",
        why="every line is an event",
        violation=Violation(
            message=text, marks=(Mark(line=1, note=text),), expected=text, found=text
        ),
        run_index=0,
        schedule="plain",
        excerpt=Excerpt(lines=(Line(1, text, "e", (text,)),), marks=(Mark(line=1, note=text),)),
        nearest=text,
        doubts=(text,),
        confirmation=text,
        lanes=(LaneRow(line=1, thread=0, text=text, note=text),),
    )
    seen = Observation(property="p", outcome=text, grade="forbidden", why=text, count=1)
    return Report(
        verdicts=(
            verdict(
                "t/a", Side.RUST, "s", Outcome.FAILED, findings=(finding,), observations=(seen,)
            ),
            verdict(
                "t/b", Side.RUST, "s", Outcome.INCONCLUSIVE, reason=text, unconfirmed=(finding,),
                passed_over=(PassedOver(thread=1, call=text, place=text),),
            ),
            verdict("t/c", Side.RUST, "s", Outcome.SKIPPED, reason=text),
        ),
        notes=(text,),
        missing=(text,),
        faults=(text,),
        directories={"t/a": "examples/t/a"},
    )  # fmt: skip
