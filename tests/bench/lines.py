"""How long a line takes from file to verdict, and how much memory; FileCheck beside it.

The transcript is that of two workers whose lines interleave; the spec says
five things of it. FileCheck (LLVM) is given the same lines as ``CHECK-DAG``.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from harness.judging.claims import make_claims
from harness.judging.transcripts import judge_transcript
from harness.language.spec import load_spec
from harness.values.program import Side
from tests.bench.timing import time_once

SMALL = (200, 2_000, 10_000)
LARGE = (10_000, 100_000, 1_000_000, 10_000_000)
FILECHECK_SECONDS = 120
PLACE = Path(".harness/bench/lines")

SPEC = """\
title = "Two workers"
summary = "Lines of two workers, as many as wanted."

[events]
left  = "left: {{i:d}}"
right = "right: {{i:d}}"

[always.left-in-order]
why = "one thread prints them"
values = {{ of = "left.i", are = "0..{half}" }}

[always.right-in-order]
why = "one thread prints them"
values = {{ of = "right.i", are = "0..{half}" }}

[always.left-complete]
why = "nothing is lost"
count = {{ of = "left", is = {half} }}

[always.right-complete]
why = "nothing is lost"
count = {{ of = "right", is = {half} }}

[always.they-overlap]
why = "they run at the same time"
overlap = {{ of = ["left", "right"] }}
"""


def prepare(lines: int) -> tuple[Path, Path]:
    """An example whose spec is for so many lines, and a transcript that it accepts."""
    example = PLACE / "bench" / f"lines-{lines}"
    (example / "src").mkdir(parents=True, exist_ok=True)
    half = lines // 2
    (example / "example.toml").write_text(SPEC.format(half=half), encoding="utf-8")
    (example / "main.py").write_text("", encoding="utf-8")
    (example / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    transcript = PLACE / f"{lines}.txt"
    if not transcript.exists():
        rng = random.Random(lines)
        left = right = 0
        with transcript.open("w", encoding="utf-8") as file:
            while left + right < 2 * half:
                if right >= half or (left < half and rng.random() < 0.5):
                    file.write(f"left: {left}\n")
                    left += 1
                else:
                    file.write(f"right: {right}\n")
                    right += 1
    return example, transcript


def check_command(lines: int) -> tuple[str, ...]:
    """The command that judges the transcript of so many lines."""
    example, transcript = prepare(lines)
    return (sys.executable, "-m", "harness", "check", str(example), "--side", "rust",
            str(transcript))  # fmt: skip


def file_check_seconds(lines: int) -> float | None:
    """What FileCheck takes for the same lines; ``None``: not there, infinity: past the bound."""
    program = shutil.which("FileCheck-19") or shutil.which("FileCheck")
    if program is None:
        return None
    _, transcript = prepare(lines)
    checks = PLACE / f"{lines}.check"
    texts = sorted(transcript.read_text(encoding="utf-8").splitlines())
    checks.write_text("".join(f"CHECK-DAG: {text}{{{{$}}}}\n" for text in texts), encoding="utf-8")
    timed = time_once(
        ("timeout", str(FILECHECK_SECONDS), program, str(checks), f"--input-file={transcript}")
    )
    return timed.cpu if timed.wall < FILECHECK_SECONDS else float("inf")


def judged(lines: int) -> tuple[float, float]:
    """Processor seconds from opening the transcript to the verdict, and peak MiB.

    In a process of its own; the best of a few, the more the shorter they are.
    """
    prepare(lines)
    command = (sys.executable, "-m", "tests.bench.lines", str(lines))
    seconds = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(2)
    ]
    return min(seconds), time_once(command).peak


def judge_here(lines: int) -> float:
    """Processor seconds of judging the transcript in this process."""
    spec = load_spec(PLACE.absolute() / "bench" / f"lines-{lines}")
    program = spec.programs_of(Side.RUST)[0]
    claims = make_claims(spec, program, unmet=lambda _: "")
    best = float("inf")
    for _ in range(max(1, 200_000 // lines)):
        started = time.process_time()
        judgement = judge_transcript(claims, PLACE / f"{lines}.txt")
        best = min(best, time.process_time() - started)
        if judgement.findings:
            raise SystemExit(f"{lines} lines: {judgement.findings[0].violation.message}")
    return best


def report() -> None:
    """Print the figures, in processor time: what else the machine does matters little to it."""
    for lines in SMALL:
        ours = min(time_once(check_command(lines)).cpu for _ in range(3))
        theirs = file_check_seconds(lines)
        beside = "FileCheck not found" if theirs is None else f"FileCheck {theirs:.2f} s"
        print(f"lines: {lines:>10,}: harness check {ours:.2f} s, {beside}")
    for lines in LARGE:
        seconds, peak = judged(lines)
        each = 1e6 * seconds / lines
        print(
            f"lines: {lines:>10,}: {each:.2f} µs a line, {1e6 / each:,.0f} lines a second, "
            f"peak {peak:.1f} MiB"
        )


if __name__ == "__main__":
    print(judge_here(int(sys.argv[1])))
