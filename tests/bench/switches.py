"""Whether the points of ``gil`` granularity are those at which each interpreter switches threads.

Bodies (``switch_bodies.py``) are run for real, as hard as can be, and under control; the two must
agree on whether an update can be lost. What was measured is kept in ``switches.json``.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.machine.process import Command, clean_environment, run_process
from harness.machine.toolchains import find_python
from harness.machine.toolchains.pythons import find_pythons
from harness.schedules.controlled import control_variables
from harness.schedules.names import parse_schedule
from harness.values.toolchain import Toolchain
from tests.bench.workbench import Workbench, make_workbench

SCRIPT = Path(__file__).with_name("switch_bodies.py")
TABLE = Path(__file__).with_name("switches.json")
SECONDS = os.environ.get("BENCH_SECONDS", "0.5")
"""For so long a body that never loses an update is tried for real."""

CALLS = "15"
SCHEDULES = ("random:1", "random:2", "sticky:3")
TIMEOUT_SECONDS = 600.0
STEPS = "20000000"

Losing = dict[str, dict[str, bool]]
"""Of a body's name and a temperature: whether an update was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A body that control takes otherwise than the interpreter does."""

    body: str
    temperature: str
    really: bool

    def __str__(self) -> str:
        """One line."""
        said = "loses, control never" if self.really else "never loses, control does"
        return f"{self.body} ({self.temperature}): {said}"


def measure(program: Path, *names: str) -> Losing:
    """Which of these bodies, or of all, lose an update when this interpreter runs them for real."""
    command = [str(program), str(SCRIPT), "real", SECONDS, *names]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=clean_environment({}), check=True, text=True
    )
    return losing(done.stdout)


def under_control(bench: Workbench, *, schedules: Sequence[str] = SCHEDULES) -> Losing:
    """Which bodies lose an update under any of the schedules."""
    found: Losing = {}
    for schedule in schedules:
        for name, temperatures in _one_schedule(bench, schedule).items():
            known = found.setdefault(name, {})
            for temperature, loses in temperatures.items():
                known[temperature] = known.get(temperature, False) or loses
    return found


def _one_schedule(bench: Workbench, schedule: str) -> Losing:
    toolchain = bench.toolchain
    with tempfile.TemporaryDirectory(prefix="run-") as scratch:
        variables = control_variables(
            parse_schedule(schedule),
            Path(scratch, "log"),
            toolchain.side,
            granularity="gil",
            estimate=None,
        )
        completed = run_process(
            Command(
                argv=(str(bench.controlled), str(SCRIPT), "once", CALLS),
                cwd=Path(scratch),
                environment=clean_environment(
                    {
                        **variables,
                        "HARNESS_SCHEDULE_STEPS": STEPS,
                        "LD_PRELOAD": str(bench.world),
                    }
                ),
                timeout_seconds=TIMEOUT_SECONDS,
            )
        )
    if not completed.stdout:
        raise RuntimeError(f"{toolchain.title}: {completed.ending} {completed.stderr.decode()}")
    return losing(completed.stdout.decode())


def losing(text: str) -> Losing:
    """What ``switch_bodies.py`` printed, in a word for each."""
    counts = json.loads(text)
    return {
        name: {temperature: lost > 0 for temperature, (lost, _) in temperatures.items()}
        for name, temperatures in counts.items()
    }


def differences(really: Losing, controlled: Losing) -> Iterator[Difference]:
    """Where the two disagree, over the bodies that both have."""
    for name, temperatures in controlled.items():
        for temperature, loses in temperatures.items():
            expected = really.get(name, {}).get(temperature, loses)
            if expected != loses:
                yield Difference(body=name, temperature=temperature, really=expected)


def read_table() -> dict[str, Losing]:
    """What was measured, by the interpreter's version."""
    if not TABLE.exists():
        return {}
    kept = json.loads(TABLE.read_text(encoding="utf-8"))
    return {version: _read_bodies(bodies) for version, bodies in kept.items()}


_WORDS = {(False, False): "never", (True, True): "loses", (True, False): "loses while cold",
          (False, True): "loses while warm"}  # fmt: skip


def _read_bodies(bodies: Mapping[str, str]) -> Losing:
    pairs = {word: pair for pair, word in _WORDS.items()}
    return {name: dict(zip(("cold", "warm"), pairs[word], strict=True))
            for name, word in bodies.items()}  # fmt: skip


def write_table(table: Mapping[str, Losing]) -> None:
    """Keep what was measured."""
    words = {
        version: {name: _WORDS[found["cold"], found["warm"]] for name, found in bodies.items()}
        for version, bodies in sorted(table.items(), key=lambda item: _numbers(item[0]))
    }
    TABLE.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def interpreters() -> Iterator[Toolchain]:
    """Those that are named in BENCH_PYTHONS, or each CPython with a GIL of this machine.

    Without a GIL the system may switch anywhere: there is nothing to measure, and control takes
    each bytecode for a point.
    """
    names = os.environ.get("BENCH_PYTHONS", "").split()
    found = [find_python(name) for name in names] if names else find_pythons()[0]
    for toolchain in found:
        if toolchain.implementation == "CPython" and toolchain.has_gil is not False:
            yield toolchain


def report() -> None:
    """Measure each interpreter, keep that, and print where control differs from it."""
    table = read_table()
    for toolchain in interpreters():
        bench = make_workbench(toolchain)
        if isinstance(bench, str):
            print(f"switches: {toolchain.title} cannot be controlled: {bench}")
            continue
        really = table[toolchain.version] = measure(toolchain.program)
        write_table(table)
        found = list(differences(really, under_control(bench)))
        print(f"switches: {toolchain.title}: {len(really)} bodies, cold and warm: "
              f"{len(found)} differ", flush=True)  # fmt: skip
        for difference in found:
            print(f"  {difference}", flush=True)
