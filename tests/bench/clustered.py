"""What a cluster costs and brings: real workers on this machine, and simulated ones.

``clustered``: overhead a run, two workers against one, and the client's memory over a million
results. ``killed``: a worker is killed twenty times at random moments, and nothing may differ.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from harness.bench.budget import Budget, Mix
from harness.bench.planning import SidePlan
from harness.bench.recording import open_recorder
from harness.bench.subject import claims_of
from harness.cluster.exploring import LOT_SCHEDULES, explore_on
from harness.cluster.journal import Journal
from harness.cluster.lots import Lot, LotDone, PartDone, SideTold
from harness.judging.shown import Shown
from harness.language.spec import load_spec
from harness.machine.toolchains import default_rust
from harness.record import RunRecord, subject_of
from harness.schedules.rotation import controlled_rotation
from harness.values.run import Exited
from tests.cluster.conftest import ROOT, Servers, begin

ROUNDS = 5
SCHEDULES = 4_800
KILLS = 20
KILLED_SCHEDULES = 2_400
LONG = 1800
RESULTS = 1_000_000

EXPLORE = ("explore", "spawn", "--side", "rust", "--budget", "1h", "--corpus", ROOT / "examples")


def report() -> None:
    """Print what is gained and lost, each ratio by turns, since other work goes on meanwhile."""
    with tempfile.TemporaryDirectory() as place:
        _report_times(Path(place))
    _report_memory()


def _report_times(place: Path) -> None:
    unwatched = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    one, two = (Servers(place / name, environment=unwatched) for name in ("one", "two"))
    try:
        for servers, cores in ((one, [0]), (two, [0, 1])):
            servers.start(0)
            for core in cores:
                os.sched_setaffinity(servers.join().pid, {core})
        time.sleep(2)
        explore = partial(_seconds, place)
        ways: dict[str, Callable[[], float]] = {
            "here": lambda: explore("--jobs", 1, core=0),
            "one worker": lambda: explore("--cluster", one.address, core=1),
            "two workers": lambda: explore("--cluster", two.address, core=1),
        }
        for way in ways.values():
            way()  # everything is built, and asked
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                took[name].append(way())
        _print_times(took)
    finally:
        one.end()
        two.end()


def _print_times(took: dict[str, list[float]]) -> None:
    each = {name: 1000 * statistics.median(times) / SCHEDULES for name, times in took.items()}
    over = statistics.median(
        there / here - 1 for there, here in zip(took["one worker"], took["here"], strict=True)
    )
    gain = [one / two for one, two in zip(took["one worker"], took["two workers"], strict=True)]
    load = os.getloadavg()[0]
    print(f"clustered: a controlled run {each['here']:.2f} ms here, {each['one worker']:.2f} ms by "
          f"one worker ({100 * over:+.1f} %), two workers {statistics.median(gain):.2f} × one "
          f"({min(gain):.2f} to {max(gain):.2f}); load {load:.1f}")  # fmt: skip


def _seconds(place: Path, *options: object, core: int) -> float:
    """What the runs take of a call, its start and the building left out."""
    state = place / "state"
    command = (sys.executable, "-m", "harness", *EXPLORE, *options)
    counts = []
    for schedules in (LOT_SCHEDULES, LOT_SCHEDULES + SCHEDULES):
        words = (*map(str, command), "--schedules", str(schedules), "--state-dir", str(state))
        started = time.monotonic()
        told = subprocess.run(
            words, check=True, capture_output=True, text=True, cwd=ROOT,
            preexec_fn=partial(os.sched_setaffinity, 0, {core}),
        )  # fmt: skip
        counts.append(time.monotonic() - started)
        if f"{schedules:,} schedules" not in told.stdout:
            raise SystemExit(told.stdout + told.stderr)
    return counts[1] - counts[0]


# --- workers that are killed --------------------------------------------------------------


def killed() -> None:
    """Kill workers at random moments, and compare the record with that of one machine."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        servers = Servers(place / "servers")
        seed = int.from_bytes(os.urandom(4))
        rng = random.Random(seed)
        kills = calls = 0
        wanted = _seen(place / "here", *EXPLORE, "--schedules", KILLED_SCHEDULES)
        try:
            servers.start(2)
            while kills < KILLS:
                calls += 1
                state = place / f"there-{calls}"
                words = (*EXPLORE, "--schedules", KILLED_SCHEDULES, "--cluster", servers.address)
                calling = begin(*words, "--state-dir", state)
                while calling.process.poll() is None:
                    time.sleep(rng.uniform(0.2, 8.0))
                    if calling.process.poll() is None and kills < KILLS:
                        victim = servers.workers.pop(rng.randrange(2))
                        victim.kill()
                        victim.wait()
                        servers.join()
                        kills += 1
                told = calling.told(LONG)
                if told.code or told.err:
                    raise SystemExit(f"seed {seed}: {told.out}{told.err}")
                if (found := _record_in(state)) != wanted:
                    raise SystemExit(f"seed {seed}: {_difference(wanted, found)}")
        finally:
            servers.end()
    runs = calls * KILLED_SCHEDULES
    print(f"killed: {kills} workers were killed in {calls} calls: each of {runs:,} runs was "
          f"counted once, and showed what it shows on one machine (seed {seed}); "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip


Seen = Counter[tuple[str, str]]
"""How many runs of each strategy came to each interleaving."""


def _seen(state: Path, *words: object) -> Seen:
    told = begin(*words, "--state-dir", state).told(LONG)
    if told.code:
        raise SystemExit(told.out + told.err)
    return _record_in(state)


def _record_in(state: Path) -> Seen:
    with sqlite3.connect(state / "evidence.sqlite3") as connection:
        rows = connection.execute("SELECT strategy, hex(signature), runs FROM seen")
        return Counter({(strategy, signature): runs for strategy, signature, runs in rows})


def _difference(one: Seen, other: Seen) -> str:
    return f"lost {one - other}, too many {other - one}"


# --- a million results ------------------------------------------------------------------------


class _Simulated:
    """A cluster whose workers do a lot in no time, each run with one of many interleavings."""

    def __init__(self, plan: SidePlan, each: Callable[[int], None]) -> None:
        self._each = each
        program = plan.spec.programs_of(plan.side)[0]
        self._subject = subject_of(claims_of(plan.spec, program, plan.toolchain), plan.toolchain)
        self._runs = 0

    def results(
        self,
        next_lot: Callable[[], Lot | None],
        known: Callable[[Lot], LotDone | None],
    ) -> Iterator[LotDone]:
        """See ``Cluster.results``."""
        del known
        while (lot := next_lot()) is not None:
            yield self._done(lot)
            self._runs += lot.runs
            self._each(self._runs)

    def _done(self, lot: Lot) -> LotDone:
        (part,) = lot.parts
        schedules = controlled_rotation(part.stop - part.start, part.start)
        records = tuple(
            RunRecord(
                subject=self._subject,
                schedule=str(schedule),
                signature=f"{hash(schedule) % 2000:016x}",
                ending=Exited(0),
            )
            for schedule in schedules
        )
        signatures = Counter(record.signature for record in records)
        shown = Shown(
            runs=len(records),
            ended=len(records),
            signatures=signatures,
            steered_signatures=set(signatures),
        )
        strategies = {"random": Counter(signatures)}
        done = PartDone(
            part=part, side=SideTold(), reached=part.stop, asked=len(records), shown=shown,
            records=records, strategies=strategies,
        )  # fmt: skip
        return LotDone(lot=lot, parts=(done,), seconds=0.01)


def _report_memory() -> None:
    spec = load_spec(ROOT / "examples" / "life-cycle" / "spawn")
    plan = SidePlan(spec=spec, toolchain=default_rust())
    budget = Budget(runs=0, schedules=RESULTS, mix=Mix.DRAWN)
    marks = [RESULTS // 100, RESULTS // 10, RESULTS // 2, RESULTS]
    sizes: list[tuple[int, float]] = []

    def look(runs: int) -> None:
        if marks and runs >= marks[0]:
            sizes.append((marks.pop(0), _megabytes()))

    with tempfile.TemporaryDirectory() as name:
        state = Path(name)
        journal = Journal(state, "simulated", goes_on=False)
        started = time.process_time()
        with open_recorder(state) as recorder:
            explore_on(
                _Simulated(plan, look),  # type: ignore[arg-type]
                journal, [plan], budget, lambda _: None, recorder,
            )  # fmt: skip
        seconds = time.process_time() - started
        kept = journal.path.stat().st_size / 1e6
        journal.close(is_whole=True)
    told = ", ".join(f"{size:.0f} MB after {runs:,}" for runs, size in sizes)
    each = 1e6 * seconds / RESULTS
    print(f"clustered: the client has {told} results; {each:.0f} µs of processor time each, "
          f"{kept:.0f} MB of journal; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _megabytes() -> float:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found[1]) / 1000 if found else 0.0
