"""What ``harness verify`` claims of a program of which it has run every trace, and of which not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.authoring.scaffold import scaffold
from harness.bench.proving import MOST_TIMES, TracesSearch
from harness.schedules.dpor import ReducedSearch
from harness.schedules.record import Record
from harness.values.program import Side
from tests.schedules.dpor_model import run
from tests.test_cli_processes import HARNESS, ROOT

STATE = Path(__file__).parents[1] / ".harness" / "fixtures"

PATIENCE_SECONDS = 600.0
"""Six crates are compiled, twice each: a busy machine takes long."""

SPEC = """title = "Two threads"
summary = "Each says what it has seen."

[events]
saw = "saw {n:d}"

[always.both]
why = "both threads are joined"
count = { of = "saw", is = 2 }
"""

HEAD = "use std::thread;\nuse std::sync::atomic::{AtomicU32, Ordering::SeqCst};\n"
MAIN = """
fn main() {
    let both = [1, 2].map(|n| thread::spawn(move || work(n)));
    for one in both {
        one.join().unwrap();
    }
}
"""
PROGRAMS = {
    "greeting": 'fn work(n: u32) { println!("saw {n}"); }\n',
    "torn": "static N: AtomicU32 = AtomicU32::new(0);\n"
    'fn work(n: u32) {\n    print!("saw {n}");\n    N.fetch_add(1, SeqCst);\n    println!();\n}\n',
    "counted": "static N: AtomicU32 = AtomicU32::new(0);\n"
    'fn work(_: u32) { println!("saw {}", N.fetch_add(1, SeqCst)); }\n',
    "lucky": "static N: AtomicU32 = AtomicU32::new(0);\n"
    "fn work(n: u32) {\n    if n == 1 { N.store(1, SeqCst); }\n"
    '    else if N.load(SeqCst) == 1 { println!("saw {n}"); }\n'
    '    println!("saw {n}");\n}\n',
    "sleeping": "static N: AtomicU32 = AtomicU32::new(0);\n"
    "fn work(n: u32) {\n    thread::sleep(std::time::Duration::from_millis(u64::from(n)));\n"
    '    println!("saw {}", N.fetch_add(1, SeqCst) + u32::from(\n'
    "        std::time::Instant::now().elapsed().as_nanos() == 0));\n}\n",
    "hashed": "use std::collections::HashSet;\nstatic N: AtomicU32 = AtomicU32::new(0);\n"
    "fn work(n: u32) {\n    let set: HashSet<u32> = (0..n).collect();\n"
    '    println!("saw {}", set.iter().next().unwrap() + N.load(SeqCst));\n}\n',
    "alone": "static N: AtomicU32 = AtomicU32::new(0);\nfn main() {\n"
    '    println!("saw 1");\n    thread::spawn(|| ()).join().unwrap();\n'
    "    N.compare_exchange_weak(0, 2, SeqCst, SeqCst).unwrap();\n"
    '    println!("saw {}", N.load(SeqCst));\n}\n',
    "published": "use std::sync::atomic::Ordering::Relaxed;\n"
    "static N: AtomicU32 = AtomicU32::new(0);\nstatic M: AtomicU32 = AtomicU32::new(0);\n"
    "fn main() {\n    let one = thread::spawn(|| {\n"
    "        N.store(1, Relaxed);\n        M.store(1, Relaxed);\n    });\n"
    "    assert!(M.load(Relaxed) <= N.load(Relaxed));\n"
    '    println!("saw 1");\n    one.join().unwrap();\n    println!("saw 2");\n}\n',
}
"""Lines alone; lines in pieces; a counter; one that fails in some traces; what no trace covers."""

UNCOVERED_ALONE = ("alone", "published")
"""What may come for nothing, or old, to a thread when all others have ended."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs, each an example."""
    place = tmp_path_factory.mktemp("proving")
    for name, text in PROGRAMS.items():
        directory = scaffold(place, "topic", name, (Side.RUST,)).directory
        (directory / "breaks.toml").unlink()
        (directory / "example.toml").write_text(SPEC)
        (directory / "src" / "main.rs").write_text(HEAD + text + MAIN * ("fn main" not in text))
    return place


@pytest.fixture(scope="module")
def verdicts(corpus: Path) -> dict[str, dict[str, Any]]:
    """The verdict on each of the programs, by its name."""
    return verify(corpus, "rust")


def verify(place: Path, side: str, *words: str) -> dict[str, dict[str, Any]]:
    """The verdict on each of the programs of a corpus, by its name; what was said, by none."""
    report = place / "report.jsonl"
    options = ("--corpus", str(place), "--side", side, "--state-dir", str(STATE))
    command = (*HARNESS, "verify", *words, *options, "--runs", "2", "--report", f"json={report}")
    found = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert report.exists(), found.stdout + found.stderr
    lines = map(json.loads, report.read_text().splitlines())
    told = [line for line in lines if line["kind"] == "verdict"]
    return {each["example"].rpartition("/")[2]: each for each in told} | {
        "": {"text": found.stdout}
    }


def test_a_side_is_proved_whose_every_trace_was_run(verdicts: dict[str, dict[str, Any]]) -> None:
    """No further schedule is spent on it: the plain runs, and one of each trace.

    Where the run that was started for itself had its heap elsewhere than those of the server, the
    search has begun anew with the second (``ReducedSearch.add``): these two come on top.
    """
    verdict = verdicts["counted"]
    (searched,) = verdict["searched"]
    assert (verdict["outcome"], verdict["is_proved"]) == ("PASSED", True)
    assert 2 <= searched["traces"] < 4
    anew = verdict["runs"] - 2 - searched["traces"]
    assert anew in (0, 2)
    assert verdict["plain_runs"] == 2
    assert f"2 + {2 + anew} runs; proved" in verdicts[""]["text"]


@pytest.mark.parametrize("name", UNCOVERED_ALONE)
def test_nothing_is_proved_of_what_may_come_to_a_thread_alone(
    verdicts: dict[str, dict[str, Any]], name: str
) -> None:
    """No step tells one thing that it does from the next, so a search cannot try it."""
    assert not verdicts[name].get("is_proved")
    assert not verdicts[name].get("searched")


def test_lines_whose_order_nobody_tells_are_one_trace(
    verdicts: dict[str, dict[str, Any]], corpus: Path
) -> None:
    """Both threads print, and the spec counts; who asks for every line has both orders run."""
    (searched,) = verdicts["greeting"]["searched"]
    assert (searched["traces"], searched["lines_commute"]) == (1, True)
    asked = verify(corpus, "rust", "greeting", "--every-line")
    (searched,) = asked["greeting"]["searched"]
    assert searched["traces"] == 2
    assert "lines_commute" not in searched


def test_lines_in_pieces_do_not_commute(verdicts: dict[str, dict[str, Any]]) -> None:
    """Another thread's piece may come between, and does in some trace."""
    verdict = verdicts["torn"]
    assert verdict["outcome"] == "FAILED"
    assert not any(each.get("lines_commute") for each in verdict["searched"])
    assert {"known-lines"} < {found["property"] for found in verdict["findings"]}


def test_a_failure_in_one_trace_is_found_and_nothing_is_proved(
    verdicts: dict[str, dict[str, Any]],
) -> None:
    """It has a schedule by which it is made again; the search has come to its end all the same."""
    verdict = verdicts["lucky"]
    assert verdict["outcome"] == "FAILED"
    assert not verdict.get("is_proved")
    assert verdict["searched"]
    assert any("--schedule" in found["reproduce"] for found in verdict["findings"])


@pytest.mark.parametrize("name", ["sleeping", "hashed"])
def test_nothing_is_proved_of_what_the_search_does_not_cover(
    verdicts: dict[str, dict[str, Any]], name: str
) -> None:
    """Clocks and early timeouts; random numbers. All the schedules are run instead."""
    verdict = verdicts[name]
    assert not verdict.get("is_proved")
    assert not verdict.get("searched")
    assert verdict["runs"] >= 42


def searched(threads: tuple[tuple[str, ...], ...], most: int) -> ReducedSearch:
    """A search of a modelled program that has made so many runs, or all."""
    search = ReducedSearch(early=False)
    while search.tried < most and (branch := search.next()) is not None:
        search.add(run(threads, branch)[0])
    return search


SHORT = (("j1", "j2"), ("a0", "a0"), ("a0", "a0"))
LONG = (("j1", "j2"), ("a0",) * 9, ("a0",) * 9)


def test_a_search_is_left_that_is_far_from_its_end() -> None:
    """Not before it has taken as many runs as the schedules that it would make needless."""
    assert TracesSearch(searched(LONG, 39)).is_worth_it(40)
    far = SimpleNamespace(flaws=(), uncovered=(), tried=40, expected=40.0 * MOST_TIMES + 1)
    assert not TracesSearch(cast("ReducedSearch", far)).is_worth_it(40)
    assert TracesSearch(cast("ReducedSearch", far)).is_worth_it(41)
    assert TracesSearch(searched(SHORT, 5)).is_worth_it(5)
    assert not TracesSearch(searched(LONG, 40 * MOST_TIMES)).is_worth_it(40)


def test_a_search_is_left_at_once_if_nothing_can_be_claimed_at_its_end() -> None:
    """Whatever it has been spent on."""
    search = ReducedSearch(early=False)
    search.next()
    search.add(Record(end="bound"))
    assert not TracesSearch(search).is_worth_it(40)


def test_how_many_runs_a_search_comes_to_is_known_at_its_end() -> None:
    """Before that it is guessed."""
    assert searched(SHORT, 100).expected == searched(SHORT, 100).tried == 6
