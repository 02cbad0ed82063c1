"""What peers take for the same programs, and what loom shows of litmus tests, if they can be had.

loom runs programs written for its types, frontrun and interleave-test Python ones; cargo and pip
bring them. loom orders SeqCst accesses no more than by Release and Acquire.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.schedules.axioms import allowed
from tests.schedules.litmus import TESTS, Litmus

PROGRAMS = Path(__file__).parent / "peer_programs"
STATE = Path(".harness/bench/peers")
SECONDS = 180
"""Of one search: a peer that takes longer is said to."""

LITMUS_SECONDS = 10
"""The same of a litmus test."""

RUST = (
    *("lost-update-1", "lost-update-2", "lost-update-3", "lines", "more-lines"),
    *("locks-2", "locks-3"),
)
PYTHON = ("lost-update-1", "lost-update-2", "lost-update-3", "locks-2", "locks-3")
OURS = {
    "lost-update-1": 4,
    "lost-update-2": 34,
    "lost-update-3": 328,
    "lines": 35,
    "more-lines": 126,
    "locks-2": 3,
    "locks-3": 7,
}
"""The runs of a search of ours, which tests/schedules holds it to."""


def report() -> None:
    """A table for each language, then what loom shows of each litmus test."""
    crate = built()
    if isinstance(crate, Path):
        _table("Rust", RUST, {"loom": [str(crate), "loom"]})
    else:
        print(f"peers: {crate}")
    python = installed()
    if isinstance(python, Path):
        script = str(PROGRAMS / "searched.py")
        _table(
            "Python",
            PYTHON,
            {
                "frontrun": [
                    *(str(python.with_name("frontrun")), str(python)),
                    *(script, "frontrun"),
                ],
                "interleave-test": [str(python), script, "interleave"],
            },
        )
    else:
        print(f"peers: {python}")
    if isinstance(crate, Path):
        tell_litmus(crate)


def built() -> Path | str:
    """The program of the Rust peers; or why there is none."""
    if shutil.which("cargo") is None:
        return "no cargo, so no loom"
    target = STATE.absolute() / "target"
    command = ["cargo", "build", "--release", "--quiet", "--locked", "--target-dir", str(target)]
    done = _called([*command, "--manifest-path", str(PROGRAMS / "Cargo.toml")])
    return done or target / "release" / "peers"


def installed() -> Path | str:
    """An interpreter with the Python peers; or why there is none."""
    place = STATE.absolute() / "python"
    python = place / "bin" / "python"
    if not python.exists() and (why := _called([sys.executable, "-m", "venv", str(place)])):
        return why
    names = ("frontrun==0.7.0", "interleave-test==0.1.0")
    return _called([str(python), "-m", "pip", "install", "--quiet", *names]) or python


def _called(command: list[str]) -> str:
    """Why a command came to nothing; empty if it did not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    return f"{Path(command[0]).name}: {last}" if done.returncode else ""


def _table(title: str, programs: tuple[str, ...], peers: dict[str, list[str]]) -> None:
    print(f"\n{f'executions, {title}':<20} {'ours':>6}", *(f"{name:>24}" for name in peers))
    for program in programs:
        cells = (searched([*command, program]) for command in peers.values())
        print(f"{program:<20} {OURS[program]:>6}", *(f"{cell:>24}" for cell in cells), flush=True)


def searched(command: list[str]) -> str:
    """How many executions, how the search ended, and the seconds of processor that it took."""
    before = _processor_time()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=True, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return f"> {SECONDS} s"
    except subprocess.CalledProcessError as failed:
        return f"exit {failed.returncode}"
    number, _, end = done.stdout.strip().partition(" ")
    sign = "" if end else ">"
    told = f"{sign}{number}{f' {end}' * (end != 'complete')}"
    return f"{told} ({_processor_time() - before:.2f} s)"


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


def _processor_time() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tell_litmus(crate: Path) -> None:
    """Each test of which loom shows another set of outcomes than the model allows."""
    differ = 0
    for test in TESTS:
        told = list(differences(crate, test))
        differ += bool(told)
        for each in told:
            print(f"{test!s:<34} {each}", flush=True)
    print(f"loom: {len(TESTS)} litmus tests, {differ} differ from the model")


def differences(crate: Path, test: Litmus) -> Iterator[str]:
    """What loom shows beyond the model, and what can be shown and it does not."""
    model = allowed(test.text)
    try:
        shown = subprocess.run(
            [str(crate), "litmus", test.text],
            capture_output=True,
            text=True,
            timeout=LITMUS_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        yield f"takes more than {LITMUS_SECONDS} s"
        return
    if shown.returncode:
        yield f"ends with: {shown.stderr.strip()[-100:]}"
        return
    seen = set(shown.stdout.split())
    if beyond := seen - model.keys():
        yield f"shows what is forbidden: {' '.join(sorted(beyond))}"
    if unseen := {each for each, is_reachable in model.items() if is_reachable} - seen:
        yield f"does not show: {' '.join(sorted(unseen))}"
