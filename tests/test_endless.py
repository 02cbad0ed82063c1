"""A trace that has no end: a prefix is judged, and then the program is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.execution import execute
from harness.bench.options import Options
from harness.bench.subject import Request, Subject, claims_of
from harness.bench.verifying import verify
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.spec import load_spec
from harness.machine.toolchains import default_python
from harness.values.program import Side
from harness.values.report import Outcome, Verdict
from harness.values.run import Deadlocked, Ending, Exited, OverLimit, Run, TimedOut, over_step_limit
from harness.values.toolchain import Built
from tests.spec.examples import refusal_of

SPEC = """\
title   = "Serve"
summary = "A loop without an end, fed by a thread."

[events]
asked  = "asked {n:d}"
served = "served {n:d}"

[run]
timeout = 20

[always.goes-on]
why    = "its loop has no end"
ending = { endless = true, at-least = 12 }

[always.asked-first]
why   = "what nobody asked for is not served"
order = { chain = ["asked", "served"], same = "n" }

[always.in-order]
why    = "a queue keeps the order"
values = { of = "served.n", increasing = true }
"""

SERVER = """\
import itertools
import queue
import threading

jobs = queue.Queue(2)


def ask():
    for n in itertools.count():
        print("asked", n)
        jobs.put(n)


threading.Thread(target=ask).start()
while True:
    print("served", jobs.get())
"""
LOOP = ").start()\nwhile True:"
TWICE = ", daemon=True).start()\nfor _ in range(2):"


def example(corpus: Path, program: str = SERVER, text: str = SPEC) -> Path:
    """The server's directory; it is in Python alone."""
    directory = corpus / "topic" / "serve"
    directory.mkdir(parents=True)
    (directory / "example.toml").write_text(text, encoding="utf-8")
    (directory / "main.py").write_text(program, encoding="utf-8")
    return directory


def verdict_of(corpus: Path, program: str, **options: int) -> Verdict:
    """What is concluded of a program under this spec."""
    spec = load_spec(example(corpus, program))
    asked = Options(**{"runs": 2, "schedules": 6, **options}, jobs=2, state=corpus / "state")  # type: ignore[arg-type]
    (verdict,) = verify([spec], [default_python()], asked, lambda _: None).verdicts
    return verdict


def findings_of(verdict: Verdict) -> dict[str, str]:
    """What is wrong, by the property's name."""
    return {finding.property: finding.violation.message for finding in verdict.findings}


def test_a_server_passes_plainly_and_under_control(tmp_path: Path) -> None:
    """It is stopped as soon as it has shown what it does."""
    verdict = verdict_of(tmp_path, SERVER)
    assert {} == findings_of(verdict)
    assert (Outcome.PASSED, 8 + 1) == (verdict.outcome, verdict.runs)  # a search gives up at once
    assert {"held"} == {result.status for result in verdict.properties}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ((LOOP, TWICE), {"goes-on": "it ends"}),
        (('print("asked", n)\n        jobs.put(n)', 'jobs.put(n)\n        print("asked", n)'), {}),
        (('print("served", jobs.get())', 'print("served", jobs.get() // 2)'), {}),
    ],
)
def test_what_breaks_it_is_found(
    tmp_path: Path, change: tuple[str, str], broken: dict[str, str]
) -> None:
    """A line that comes too early, or twice, or no further one at all."""
    assert 1 == SERVER.count(change[0])
    verdict = verdict_of(tmp_path, SERVER.replace(*change), schedules=20)
    assert Outcome.FAILED == verdict.outcome
    assert findings_of(verdict).keys() >= broken.keys()


def judged(spec: Spec, lines: int, ending: Ending, rest: bytes = b"") -> dict[str, str]:
    """What is said of a run with so many lines that ended so."""
    claims = claims_of(spec, spec.programs[0], default_python())
    text = "".join(f"asked {n}\n" for n in range(lines)).encode() + rest
    run = Run(side=Side.PYTHON, program="main", toolchain="t", schedule="plain", index=0,
              ending=ending, stdout=text)  # fmt: skip
    return {
        finding.property: finding.violation.message for finding in judge_run(claims, run).findings
    }


@pytest.mark.parametrize(
    ("lines", "ending", "message"),
    [
        (12, TimedOut(1.5), ""),
        (11, TimedOut(1.5), "it printed too few lines in 1.5 s"),
        (11, TimedOut(1.5, idle=True), "it printed too few lines in 1.5 s"),
        (3, over_step_limit(), ""),
        (11, Exited(0), "it ends"),
        (11, Exited(3), "it ends"),
        (12, Deadlocked(("main waits",)), "it does not go on: no thread can"),
    ],
)
def test_how_it_goes_on_is_judged(tmp_path: Path, lines: int, ending: Ending, message: str) -> None:
    """Being stopped is no fault, nor is the bound on the steps of a schedule; an end is one."""
    found = judged(load_spec(example(tmp_path)), lines, ending)
    assert ({"goes-on": message} if message else {}) == found


def test_the_bound_on_output_stays_a_finding(tmp_path: Path) -> None:
    """It is no bound of the trace."""
    found = judged(load_spec(example(tmp_path)), 3, OverLimit("64 MiB of output"))
    assert "within-limits" in found


def test_a_stopped_run_has_whole_lines_and_no_more_than_enough(tmp_path: Path) -> None:
    """However much was written by then."""
    program = "import sys\nwhile True:\n    sys.stdout.write('asked 1\\n' * 999 + 'as'); break\n"
    spec = load_spec(example(tmp_path, program + "import time; time.sleep(60)\n"))
    toolchain = default_python()
    claims = claims_of(spec, spec.programs[0], toolchain)
    build = Built(command=(str(toolchain.program), "-u", "main.py"))
    made = execute(Request(subject=Subject(claims=claims, toolchain=toolchain, plain=build)))
    assert made is not None
    assert b"asked 1\n" * 12 == made.run.stdout
    assert isinstance(made.run.ending, TimedOut)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ('count = { of = "asked", is = 3 }', '; say "at-most"'),
        ('count = { of = "asked", at-least = 3 }', '; say "at-most"'),
        ('values = { of = "asked.n", are = "0..3" }', '; say "prefix-of" or "among"'),
        ('relation = { holds = "count(asked) >= count(served)" }', "; drop it"),
        ("ending = { code = 1 }", "; drop it"),
        ('hang = { after = ["asked"] }', "; drop it"),
    ],
)
def test_what_only_an_end_can_show_is_a_fault(tmp_path: Path, rule: str, hint: str) -> None:
    """With the place, and how it can be said."""
    text = f'{SPEC}\n[always.x]\nwhy = "y"\n{rule}\n'
    said = refusal_of(example(tmp_path, text=text))
    assert said.startswith("example.toml:")
    assert 'main.py never ends, says "goes-on"' in said
    assert said.endswith(hint)


@pytest.mark.parametrize(
    "rule",
    [
        'count = { of = "asked", at-most = 300 }',
        'values = { of = "asked.n", prefix-of = "0..300" }',
        'values = { of = "asked.n", distinct = true }',
        'order = { chain = ["asked", "served"], first = true }',
    ],
)
def test_what_a_line_breaks_can_be_said(tmp_path: Path, rule: str) -> None:
    """It holds so far."""
    text = f'{SPEC}\n[always.x]\nwhy = "y"\n{rule}\n'
    assert {} == judged(load_spec(example(tmp_path, text=text)), 12, TimedOut(1.0))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{ endless = false }", "expected true"),
        ("{ endless = true }", 'expected the key "at-least"'),
        ("{ endless = true, at-least = 0 }", "expected a number of lines from 1"),
        ("{ endless = true, at-least = 3, code = 1 }", 'unknown key "code"'),
    ],
)
def test_an_endless_ending_is_read_strictly(tmp_path: Path, rule: str, message: str) -> None:
    """It has its number of lines, and no other end."""
    text = SPEC.replace("{ endless = true, at-least = 12 }", rule)
    assert message in refusal_of(example(tmp_path, text=text))
