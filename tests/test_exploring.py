"""What ``harness explore`` may claim of the schedules that it has run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.proving import _untold
from harness.bench.subject import Subject, claims_of
from harness.commands.explore import _completeness
from harness.language.spec import load_spec
from harness.schedules.names import Schedule, parse_schedule
from harness.schedules.record import Candidates, Decision, Fired, Loose, Record
from harness.schedules.search import Bound, Search, departing
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from tests.test_cli_processes import run_harness

CORPUS = Path(__file__).parent / "fixtures" / "scheduled"
STATE = Path(__file__).parents[1] / ".harness" / "fixtures"
DONE = Record(end="exit")


def completeness(search: Search) -> str:
    """What is said of a search."""
    return _completeness(search)[1]


def search_of(record: Record | None, bound: Bound | None = None) -> Search:
    """A search with this one run."""
    search = Search(bound or Bound())
    search.next()
    search.add(record)
    return search


def run_alarm(schedule: Schedule) -> Record:
    """A program of two steps; at each a timeout may come early and a wait may wake, once each."""
    candidates: list[Candidates] = []
    fired: list[Fired] = []
    spurious: list[Fired] = []
    for step in (1, 2):
        early = () if fired else (1,)
        waiting = () if spurious else (2,)
        if early or waiting:
            candidates.append(Candidates(step=step, decision=-1, early=early, spurious=waiting))
        if step in schedule.early_steps:
            fired.append(Fired(step=step, thread=1, decision=-1))
        if (step, 2) in schedule.spurious_wakes:
            spurious.append(Fired(step=step, thread=2, decision=-1))
    return Record(
        end="exit", candidates=tuple(candidates), fired=tuple(fired), spurious=tuple(spurious)
    )


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (Bound(), 9),
        (Bound(early=False), 3),
        (Bound(spurious=0), 3),
        (Bound(preemptions=1), 5),
        (Bound(preemptions=0), 1),
    ],
)
def test_a_search_branches_on_what_may_come_for_nothing(bound: Bound, expected: int) -> None:
    """On each early timeout and each spurious wake-up within its bound, and on each once."""
    search = Search(bound)
    seen = []
    while (schedule := search.next()) is not None:
        seen.append(str(schedule))
        search.add(run_alarm(schedule))
    assert search.is_complete
    assert expected == len(seen) == len(set(seen))


def test_what_is_complete_is_told_with_what_it_is_complete_over() -> None:
    """Kinds of departures, the points, and the bounds that were in the way of any."""
    found = completeness(search_of(DONE))
    assert (
        "complete: every hand-over, early timeout and spurious wake-up at up to 0 points" in found
    )
    strict = completeness(search_of(DONE, Bound(preemptions=2, early=False)))
    assert "complete with at most 2 preemptions: every hand-over and spurious wake-up" in strict
    search = Search()
    while (schedule := search.next()) is not None:
        search.add(run_alarm(schedule))
    assert completeness(search).endswith("at up to 2 points a run (at most 1 such wake-up)")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, "a run was cut off"),
        (Record(end="bound"), "a run met its bound of steps"),
        (Record(end="mismatch"), "a schedule did not fit the program"),
        (Record(end="exit", loose=(Loose(thread=1, call="flock", place="main.py:9"),)),
         "a run left control (flock at main.py:9)"),
        (Record(end="exit", loose=(Loose(thread=1),)),
         "a run left control (a thread that went on by itself)"),
        (Record(end="exit", uncontrolled=("child-process",)),
         "a run left control (child-process)"),
        (Record(end="exit", notes=("task-sets",)),
         "task orders were not explored: asyncio took several from a set"),
        (Record(end="exit", notes=("other-loop",)),
         "task orders were not explored: an event loop is not asyncio's own"),
        (Record(end="exit", notes=("trio",)),
         "task orders were not explored: trio has one of its own"),
        (Record(end="exit", tells_candidates=False),
         "early timeouts and wake-ups for nothing are not explored here"),
        (Record(end="exit", fired=(Fired(step=3, thread=1, decision=-1),)),
         "a schedule did not lead where it had led before"),
    ],
)  # fmt: skip
def test_completeness_is_not_claimed_of_what_was_not_under_control(
    record: Record | None, reason: str
) -> None:
    """Though no schedule is left; what is said instead is why."""
    search = search_of(record)
    assert search.next() is None
    assert not search.is_complete
    assert f"not complete: {reason}" == completeness(search)


def test_what_was_not_run_is_counted() -> None:
    """Each of them may lead to more."""
    decision = Decision(number=0, current=0, chosen=0, runnable=(0, 1, 2), forced=False)
    search = search_of(Record(end="exit", decisions=(decision,)))
    assert (
        "not complete: 2 known schedules were not run; all with at most 0 preemptions were"
        == completeness(search)
    )


def test_the_fewest_preemptions_come_first() -> None:
    """Of a program of many points every schedule with one comes before any with two."""
    search = Search()
    sizes: list[int] = []
    while len(sizes) < 60 and (schedule := search.next()) is not None:
        sizes.append(len(schedule.switches))
        chosen = dict(schedule.switches)
        search.add(
            Record(
                end="exit",
                decisions=tuple(
                    Decision(
                        number=number,
                        current=0,
                        chosen=chosen.get(number, 0),
                        runnable=(0, 1),
                        forced=False,
                    )
                    for number in range(10)
                ),
            )
        )
    assert [0, *[1] * 10, *[2] * 45, *[3] * 4] == sizes


@pytest.mark.parametrize("side", Side)
def test_a_sleep_in_the_place_of_a_join_is_never_searched_in_vain(side: Side) -> None:
    """One timeout that comes early shows it."""
    options = ("--side", side.value, "--corpus", str(CORPUS), "--state-dir", str(STATE))
    search = ("--systematic", "--preemptions", "1", "--budget", "30s")
    found = run_harness("explore", "sleep-as-order", *search, *options)
    assert ExitCode.FAILED == found.returncode, found.stdout + found.stderr
    assert "worker-first" in found.stdout
    assert re.search(r"--schedule '?switch:early@\d+'?$", found.stdout, re.MULTILINE)


@pytest.mark.parametrize("how", [["--schedules", "2000"], ["--systematic"]], ids=["drawn", "all"])
def test_a_search_ends_at_the_first_finding(how: list[str]) -> None:
    """One run that shows it is enough, whatever there is time for; the others are ended, too."""
    options = ("--side", "python", "--corpus", str(CORPUS), "--state-dir", str(STATE))
    found = run_harness("explore", "opposite-locks", *how, "--until-failure", *options)
    (runs,) = re.findall(r"^FAILED .* (\d+) schedules?, ", found.stdout, re.MULTILINE)
    assert ExitCode.FAILED == found.returncode, found.stdout + found.stderr
    assert int(runs) < 200


def test_a_search_of_all_schedules_finds_the_deadlock_and_says_what_it_is_complete_over() -> None:
    """With one preemption; two locks that are taken in opposite orders."""
    options = ("--side", "rust", "--corpus", str(CORPUS), "--state-dir", str(STATE))
    search = ("--systematic", "--preemptions", "1", "--budget", "60s")
    found = run_harness("explore", "opposite-locks", *search, *options)
    assert ExitCode.FAILED == found.returncode, found.stdout + found.stderr
    assert "no-deadlock" in found.stdout
    complete = r"complete with at most 1 preemption: every hand-over.* at up to \d+ points a run"
    assert re.search(complete, " ".join(found.stdout.split()))  # however its lines are folded


def test_one_run_of_each_trace_is_all_that_two_locks_take() -> None:
    """It is complete, and its finding has a schedule of the ordinary kind, made small."""
    options = ("--side", "rust", "--corpus", str(CORPUS), "--state-dir", str(STATE))
    found = run_harness("explore", "opposite-locks", "--systematic", "--budget", "60s", *options)
    assert ExitCode.FAILED == found.returncode, found.stdout + found.stderr
    assert re.search(r"complete: \d+ traces? of up to \d+ steps", found.stdout), found.stdout
    assert re.search(r"--schedule '?switch:\d+>\d'?$", found.stdout, re.MULTILINE)


def test_sleeps_may_end_at_once_in_each_trace() -> None:
    """One of the two has main go on first, by a schedule of the ordinary kind."""
    options = ("--side", "rust", "--corpus", str(CORPUS), "--state-dir", str(STATE))
    found = run_harness("explore", "sleep-as-order", "--systematic", "--budget", "60s", *options)
    assert ExitCode.FAILED == found.returncode, found.stdout + found.stderr
    assert "complete: 2 traces" in found.stdout
    assert "worker-first" in found.stdout
    assert re.search(r"--schedule '?switch:early@\d+'?$", found.stdout, re.MULTILINE)


def test_what_is_not_covered_has_every_schedule_run(tmp_path: Path) -> None:
    """A thread that removes a file, here; the report says why."""
    directory = scaffold(tmp_path, "topic", "removes", (Side.RUST,)).directory
    (directory / "src" / "main.rs").write_text(
        "use std::{fs, thread};\n\nfn main() {\n"
        '    let gone = || fs::remove_file("nowhere").is_err();\n'
        '    let _ = thread::spawn(gone).join();\n    println!("7");\n}\n'
    )
    options = ("--side", "rust", "--corpus", str(tmp_path), "--state-dir", str(STATE))
    found = run_harness(
        "explore", "removes", "--systematic", "--schedules", "2", "--budget", "20s", *options
    )
    assert re.search(r"not reduced: .*\bunlink\b", found.stdout)
    assert "not complete: " in found.stdout


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        pytest.param("src/more.rs", b"fn f() {}\n", [], id="nothing"),
        pytest.param("src/more.rs", b"// \xe9\nunsafe fn f() {}\n", ["unsafe code"], id="unsafe"),
        pytest.param(
            "Cargo.toml",
            b'dependencies.tiny = "1"\n[package]\nname = "pair"\n',
            ["other crates"],
            id="a dependency by a dotted key",
        ),
        pytest.param(
            "Cargo.toml",
            b'[package]\nname = "pair"\n[target.\'cfg(unix)\'.dependencies]\ntiny = "1"\n',
            ["other crates"],
            id="a dependency of one system",
        ),
    ],
)
def test_what_no_step_tells_of_is_seen_in_the_sources(
    tmp_path: Path, file: str, text: bytes, expected: list[str]
) -> None:
    """However it is written: of such a program no reduced search may say that it is complete."""
    directory = scaffold(tmp_path, "topic", "pair", (Side.RUST,)).directory
    (directory / file).write_bytes(text)
    spec = load_spec(directory)
    rust = Toolchain(side=Side.RUST, label="stable", version="1.95.0", program=Path("rustc"))
    claims = claims_of(spec, spec.programs[0], rust)
    assert expected == list(_untold(Subject(claims=claims, toolchain=rust, plain=None)))


def test_a_schedule_that_departs_in_no_way_is_the_plainest() -> None:
    """What a search runs first."""
    assert parse_schedule("switch:") == departing(()) == Search().next()


def explore_two_tasks(tmp_path: Path, order: str, claim: str) -> str:
    """What a systematic search says of two tasks that print a line each; its lines are joined."""
    example = tmp_path / "examples" / "loops" / "two-tasks"
    example.mkdir(parents=True)
    example.joinpath("example.toml").write_text(
        f'title = "Two tasks"\nsummary = "Each prints a line."\ntask-order = "{order}"\n\n'
        f'[events]\ntask = "task {{n:d}}"\n\n[always.both]\nwhy = "both end"\n{claim}\n'
    )
    example.joinpath("main.py").write_text(
        "import asyncio\n\n\nasync def task(n):\n    print(f'task {n}')\n\n\n"
        "async def main():\n    await asyncio.gather(task(1), task(2))\n\n\nasyncio.run(main())\n"
    )
    options = ("--side", "python", "--corpus", str(tmp_path / "examples"))
    search = ("explore", "two-tasks", "--systematic", *options, "--state-dir", str(STATE))
    return " ".join(run_harness(*search).stdout.replace("\\\n", "").split())  # as one line


BOTH = 'count = { of = "task", is = 2 }'


def test_a_program_of_tasks_alone_has_one_schedule(tmp_path: Path) -> None:
    """The ready queue of asyncio's own loop is first in, first out: that is complete."""
    told = explore_two_tasks(tmp_path, "fifo", BOTH)
    assert " complete: every hand-over, early timeout and spurious wake-up" in told
    assert "1 schedule" in told


def test_every_order_of_tasks_is_searched_where_the_spec_asks_for_it(tmp_path: Path) -> None:
    """Then ready tasks may overtake each other."""
    told = explore_two_tasks(tmp_path, "free", BOTH)
    assert " complete: every hand-over, choice of an event loop, early timeout" in told
    assert "2 schedules, 2 interleavings" in told


def test_a_finding_that_takes_an_order_of_tasks_says_so(tmp_path: Path) -> None:
    """No interpreter's own loop shows it; its lanes are those of tasks, by their names."""
    told = explore_two_tasks(tmp_path, "free", 'values = { of = "task.n", are = [1, 2] }')
    assert "possible if ready tasks were taken in another order" in told
    assert "possible on" not in told
    assert "task 1004 (Task-2:task) overtaken" in told
    assert "--schedule 'switch:0>1005'" in told
