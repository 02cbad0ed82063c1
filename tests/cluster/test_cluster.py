"""Workers of a real scheduler make the runs, and the verdicts are those of one machine."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from harness.cluster.connection import connected
from harness.values.errors import UsageError
from tests.cluster.conftest import ROOT, Servers, begin, call, until
from tests.cluster.gated import Gated

pytest.importorskip("distributed", reason="dask.distributed is not installed")

EXAMPLES = ROOT / "examples"


def options(state: Path, *more: object) -> tuple[object, ...]:
    """What is common to the calls here."""
    return ("--side", "python", "--state-dir", state, "--runs", 3, "--schedules", 0, *more)


def verdicts(report: Path) -> list[dict[str, Any]]:
    """The verdicts of a report, without what no two runs have in common."""
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    found = [line for line in lines if line["kind"] == "verdict"]
    for each in found:
        each.pop("seconds", None)
    return found


def controlled_runs(state: Path) -> set[tuple[str, ...]]:
    """Each controlled run of Rust that is recorded: of what, its schedule and what it showed.

    (A search of a Python program names what threads share by its place, which another process need
    not have: it may run other schedules of the same traces.)
    """
    with sqlite3.connect(state / "evidence.sqlite3") as connection:
        return set(
            connection.execute(
                "SELECT example, side, program, schedule, hex(signature), broke"
                " FROM run JOIN subject ON subject.id = run.subject WHERE schedule LIKE '%:%'"
                " AND side = 'rust'"
            )
        )


def seen(state: Path) -> set[tuple[str, str, int]]:
    """How often the controlled runs of each strategy came to each interleaving."""
    with sqlite3.connect(state / "evidence.sqlite3") as connection:
        query = "SELECT strategy, hex(signature), runs FROM seen"
        return {row for row in connection.execute(query) if row[0] not in ("plain", "one-core")}


def recorded(state: Path) -> int:
    """How many runs the record of evidence has counted."""
    with sqlite3.connect(state / "evidence.sqlite3") as connection:
        (runs,) = connection.execute("SELECT sum(runs) FROM tally").fetchone()
    return int(runs)


def test_the_verdicts_are_those_of_one_machine(servers: Servers, tmp_path: Path) -> None:
    """Schedule for schedule, whichever worker has run it; and there is one record of it all.

    What one machine has proved of a program, the workers prove.
    """
    servers.start(2)
    asked = ("verify", "spawn", "value-from-join", "--corpus", EXAMPLES, "--runs", 3)
    here, there = tmp_path / "here", tmp_path / "there"
    report = ("--report", f"json={tmp_path / 'there.json'}")
    told = call(*asked, "--cluster", servers.address, "--state-dir", there, *report)
    assert (0, "") == (told.code, told.err)
    call(*asked, "--jobs", 1, "--state-dir", here, "--report", f"json={tmp_path / 'here.json'}")
    ours, theirs = verdicts(tmp_path / "here.json"), verdicts(tmp_path / "there.json")
    assert [each["outcome"] for each in ours] == [each["outcome"] for each in theirs]
    assert [each["runs"] for each in ours] == [each["runs"] for each in theirs]
    assert [each.get("searched") for each in ours] == [each.get("searched") for each in theirs]
    assert any(each.get("searched") for each in theirs)
    assert controlled_runs(here) == controlled_runs(there) != set()
    assert recorded(here) == recorded(there)
    further = ("explore", "spawn", "--corpus", EXAMPLES, "--side", "rust", "--schedules", 200)
    explored = [
        call(*further, "--budget", "1h", "--state-dir", there, "--cluster", servers.address),
        call(*further, "--budget", "1h", "--state-dir", here),
    ]
    assert [(0, ""), (0, "")] == [(told.code, told.err) for told in explored]
    assert seen(here) == seen(there)
    assert recorded(here) == recorded(there)


def test_a_worker_that_is_killed_loses_nothing_and_counts_nothing_twice(
    servers: Servers, tmp_path: Path
) -> None:
    """What it was at is done by another one, all of it, and once."""
    gated = Gated(tmp_path, "first", "second")
    servers.start(1)
    state = tmp_path / "state"
    report = tmp_path / "report.json"
    calling = begin(
        *("verify", gated.corpus, "--cluster", servers.address),
        *options(state, "--report", f"json={report}"),
    )
    until(lambda: gated.runs("first") == 1, "the worker has begun the first run")
    servers.workers[0].send_signal(signal.SIGKILL)
    servers.workers[0].wait()
    gated.open("first")
    gated.open("second")
    servers.join()
    told = calling.told()
    assert (0, "") == (told.code, told.err)
    assert [("PASSED", 3), ("PASSED", 3)] == [(v["outcome"], v["runs"]) for v in verdicts(report)]
    assert (4, 3, 6) == (gated.runs("first"), gated.runs("second"), recorded(state))


def test_a_scheduler_that_goes_away_is_told_and_what_was_done_is_kept(
    servers: Servers, tmp_path: Path
) -> None:
    """``--resume`` goes on with what is left, and comes to the same."""
    gated = Gated(tmp_path, "first", "second")
    gated.open("first")
    servers.start(1)
    state, report = tmp_path / "state", tmp_path / "report.json"
    asked = options(state, "--report", f"json={report}", "--cluster")
    calling = begin("verify", gated.corpus, *asked, servers.address, "--runs", 20)
    until(lambda: gated.runs("second") == 1, "the second example has begun")
    assert servers.scheduler is not None
    servers.scheduler.kill()
    told = calling.told()
    lost = "--cluster: the scheduler cannot be reached any more"
    kept = "1 lot of work is done and kept: the same with --resume goes on from there"
    assert (1, f"harness: {lost}; {kept}\n") == (told.code, told.err)
    assert ["PASSED"] == [each["outcome"] for each in verdicts(report)]
    servers.end()
    gated.open("second")
    servers.start(1)
    told = call("verify", gated.corpus, *asked, servers.address, "--runs", 20, "--resume")
    assert (0, "") == (told.code, told.err)
    assert ["PASSED", "PASSED"] == [each["outcome"] for each in verdicts(report)]
    assert (20, 21, 40) == (gated.runs("first"), gated.runs("second"), recorded(state))
    assert [] == list((state / "cluster").glob("*.journal"))


def test_an_interruption_ends_what_runs_there(servers: Servers, tmp_path: Path) -> None:
    """Ctrl-C means the runs of the workers, too; what was done is kept."""
    gated = Gated(tmp_path, "first")
    servers.start(1)
    asked = options(tmp_path / "state", "--cluster", servers.address)
    calling = begin("verify", gated.corpus, *asked)
    until(lambda: gated.runs("first") == 1, "a run has begun")
    calling.interrupt()
    told = calling.told()
    kept = "harness: 0 lots of work are done and kept: the same with --resume goes on from there\n"
    assert (130, f"{kept}\nharness: interrupted\n") == (told.code, told.err)
    (number,) = (tmp_path / "first.runs").read_text().split()
    until(lambda: not Path("/proc", number).exists(), "the program was ended")
    gated.open("first")
    assert 0 == call("verify", gated.corpus, *asked).code


def test_workers_are_asked_and_another_harness_gets_no_work(
    servers: Servers, tmp_path: Path
) -> None:
    """``doctor`` shows what each has; what none has is told; another version is refused."""
    other = tmp_path / "other"
    shutil.copytree(ROOT / "harness", other / "harness", ignore=shutil.ignore_patterns("*.pyc"))
    (other / "harness" / "cli.py").open("a").write("# another one\n")
    servers.start(0)
    servers.join(other)
    servers.wait_for(1)
    gated = Gated(tmp_path, "first")
    gated.open("first")
    asked = options(tmp_path / "state", "--cluster", servers.address)
    told = call("verify", gated.corpus, *asked)
    assert 2 == told.code
    assert "--cluster: no worker can be given work: tcp://127.0.0.1" in told.err
    assert ": install the same" in told.err
    servers.join()
    servers.wait_for(2)
    told = call("verify", gated.corpus, *asked, "--python", "2.7")
    assert 3 == told.code
    assert 'no worker of the cluster has a Python "2.7"; there is 3.' in told.err
    told = call("doctor", "--cluster", servers.address)
    assert 1 == told.out.count("gets no work: it has harness 0.1.0 (")
    assert "CPython" in told.out


@pytest.mark.parametrize("address", ["host", "http://host:8786", "tcp://host"])
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    """At once, with what is expected."""
    with pytest.raises(UsageError) as told, connected(address, tmp_path, 1, print):
        pass
    line = f'expected tcp://HOST:8786, tls://HOST:8786 or local, found "{address}"'
    assert f"--cluster: {line}" == str(told.value)
