"""Accesses that nothing orders are found, told with both places, and only of wrong programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.judging.judge import judge_run, reproduce_command
from harness.language.discovery import find_examples, load_all
from harness.language.rust_words import (
    has_assembler,
    inputs,
    names_weak_orders,
    says_unsafe,
    untold_words,
)
from harness.language.spec import load_spec
from harness.machine.toolchains import default_rust
from harness.schedules.accesses import Access, Race
from harness.schedules.lanes import race_rows
from harness.schedules.record import Record, RecordError, read_record
from harness.values.errors import ExitCode
from harness.values.finding import Finding
from harness.values.report import Outcome, Report
from tests.claiming import HEAD, claims_of, run_of
from tests.test_cli_processes import run_harness

if TYPE_CHECKING:
    from tests.schedules.controlled_rust import Run

CORPUS = Path(__file__).parents[1] / "fixtures" / "memory"
DONE = """\
[events]
done = "done"
[always.done]
why = "so"
count = { of = "done", is = 1 }
"""
STATE = Path(__file__).parents[2] / ".harness" / "fixtures"
OPTIONS = Options(runs=1, schedules=8, extra_runs=0, extra_schedules=0, jobs=2, state=STATE)


@pytest.fixture(scope="module")
def report() -> Report:
    """One verification of the corpus."""
    specs = load_all(find_examples((CORPUS,)))
    return verify(specs, (default_rust(),), OPTIONS, lambda _: None)


def findings_on(report: Report, name: str) -> Iterator[Finding]:
    """What was found of an example."""
    return (f for v in report.verdicts if v.example == name for f in v.findings)


# --- what is told ---------------------------------------------------------------------------------


def test_a_race_is_a_finding_with_both_places(report: Report) -> None:
    """It says who does what where, and under which schedule; and it comes again by that."""
    [finding] = findings_on(report, "races/relaxed-flag")
    assert finding.property == "no-data-race"
    assert finding.violation.found == (
        "thread 1 writes at src/main.rs:16; main reads at src/main.rs:22"
    )
    assert [(row.thread, row.stands) for row in finding.lanes[-2:]] == [
        (1, "writes at src/main.rs:16"),
        (0, "reads at src/main.rs:22"),
    ]
    assert finding.reproduce.endswith("--schedule switch:")


def test_each_pair_of_accesses_is_told_once(report: Report) -> None:
    """A number that two threads add to is read and written by both."""
    [finding] = findings_on(report, "races/unguarded")
    told = finding.violation.found.splitlines()
    assert 1 < len(told) == len(set(told))
    assert all(line.count("src/main.rs:15") == 2 for line in told)


def test_what_an_order_hands_over_is_no_race(report: Report) -> None:
    """Release and Acquire do what Relaxed does not."""
    [verdict] = (v for v in report.verdicts if v.example == "races/handed-over")
    assert (verdict.outcome, verdict.findings) == (Outcome.PASSED, ())


def test_the_rule_is_one_of_the_closed_world() -> None:
    """What a run tells of races breaks it, a line each; and nothing else does."""
    done = claims_of(DONE)
    run = run_of(done, "done\n")
    assert not judge_run(done, run).findings
    [finding] = judge_run(done, replace(run, races=("one", "other"))).findings
    assert (finding.property, finding.violation.found) == ("no-data-race", "one\nother")


def test_a_command_that_has_to_ask_for_it_says_so() -> None:
    """Who repeats the run by the command gets the finding again."""
    done = claims_of(DONE)
    run = replace(run_of(done, "done\n"), options=("--races",))
    assert reproduce_command(done, run).endswith("--schedule plain --races")


# --- right programs -------------------------------------------------------------------------------


FEATURES = (
    *("channel", "sync-channel", "rendezvous", "receive-timeout", "wait", "scope", "condvar"),
    *("condvar-timeout", "rwlock", "barrier", "park", "thread-local", "poison", "loopback"),
    *("spin-lock", "c-locks", "c-condition"),
)
SCHEDULES = ("switch:", "random:1", "sticky:2", "pct2:3", "weighted:4", "random:5/early")


@pytest.mark.parametrize("feature", FEATURES)
def test_what_the_library_orders_is_no_race(run: Run, feature: str) -> None:
    """Also where its own code, which has no hooks, is what orders it."""
    for schedule in SCHEDULES:
        done = run(f"features {feature}", schedule, RACES="1")
        assert not [record for record in done.records if record[0] == "race"], schedule
        assert done.end == "exit"


@pytest.mark.parametrize("program", ["neighbours once", "neighbours locks"])
def test_a_write_beside_a_lock_says_nothing_of_it(run: Run, program: str) -> None:
    """What is written next to a word that others use is not written to that word."""
    for schedule in (*SCHEDULES, *(f"random:{seed}" for seed in range(10, 25))):
        done = run(program, schedule, RACES="1")
        assert not [record for record in done.records if record[0] == "race"], schedule


def test_looking_for_races_changes_no_run(run: Run) -> None:
    """Whoever looks on decides nothing: the record is the same, to the byte."""
    for schedule in SCHEDULES:
        assert run("features rwlock", schedule, RACES="1") == run("features rwlock", schedule)


# --- where they are looked for --------------------------------------------------------------------


def write_crate(directory: Path, source: str) -> Path:
    """An example with that program."""
    (directory / "src").mkdir(parents=True)
    (directory / "src" / "main.rs").write_text(source)
    (directory / "example.toml").write_text(HEAD + DONE)
    return directory


@pytest.mark.parametrize(
    ("source", "is_unsafe"),
    [
        ("fn main() { unsafe { f() } }", True),
        ("unsafe impl Sync for S {}", True),
        ("#![forbid(unsafe_code)]\nfn main() {}", False),
        ('// unsafe\n/* unsafe */ fn main() { let s = "unsafe"; let r = r#"unsafe"#; }', False),
        ("fn main() { let c = '\"'; unsafe { f() } }", True),
        ("fn main<'a>() { let s: &'a str; unsafe { f() } }", True),
        ('fn main() { let b = b"\\""; unsafe { f() } g("") }', True),
        ('fn main() { let r = br#"a"b unsafe"#; let c = b\'"\'; g("unsafe") }', False),
        ("/* a /* b */ unsafe */ fn main() {}", True),  # rather too much than too little
    ],
)
def test_unsafe_is_a_word_of_the_program(tmp_path: Path, source: str, *, is_unsafe: bool) -> None:
    """Comments, strings and names that have it in them are none."""
    spec = load_spec(write_crate(tmp_path / "topic" / "name", source))
    assert says_unsafe(spec) is is_unsafe
    assert not names_weak_orders(spec)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("use std::thread;\nfn main() { thread::spawn(|| ()).join().unwrap(); }", ()),
        ('include!("other.txt");\nfn main() {}', ("text of another file",)),
        ('#[path = "other.txt"]\nmod other;\nfn main() {}', ("text of another file",)),
        ("#[no_mangle]\npub extern fn free() {}\nfn main() {}", ("symbols of its own",)),
        ("fn main() { let x = &1 as *const i32 as usize; }", ("addresses",)),
        ('fn main() { println!("{:p} {:>8}", &1, 2); }', ("addresses",)),
        ('fn main() { println!("{} {:>8}: p", 1, 2); }', ()),
        ("use std::time::Instant;\nfn main() { Instant::now(); }", ("what a clock tells",)),
        ('fn main() { std::fs::read("/a").unwrap(); }', ()),
        ('fn main() { std::fs::File::open("/a").unwrap(); }', ("files that are open",)),
        ("fn main() { std::thread::available_parallelism(); }", ("how many cores there are",)),
        ("fn main() { std::thread::current().id(); }", ("numbers of threads",)),
        ("fn main() { unsafe { f() } }", ("unsafe code",)),
        ("// unsafe, Instant, as *const u8\nfn main() {}", ()),
    ],
)
def test_what_no_step_tells_is_named_by_the_words_of_the_program(
    tmp_path: Path, source: str, words: tuple[str, ...]
) -> None:
    """By these a run may go otherwise though its steps are the same, or share what none tells."""
    spec = load_spec(write_crate(tmp_path / "topic" / "name", source))
    assert untold_words(spec) == words
    told = {"what a clock tells": "clock", "addresses": "hashes"}
    assert list(inputs(spec)) == [told[word] for word in words if word in told]


SAFE = """\
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};
static WORD: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
fn main() { WORD.load(Relaxed); }
"""


def test_assembler_is_known_to_order_what_nobody_sees(tmp_path: Path) -> None:
    """Where there is some, nobody is accused, nor given an older value."""
    with_some = write_crate(tmp_path / "topic" / "one", 'unsafe { asm!("nop") }')
    without = write_crate(tmp_path / "topic" / "other", '// asm!\nunsafe { f("asm!") }')
    assert has_assembler(load_spec(with_some))
    assert not has_assembler(load_spec(without))


def test_who_names_a_weaker_order_is_known(tmp_path: Path) -> None:
    """However it is imported."""
    assert names_weak_orders(load_spec(write_crate(tmp_path / "topic" / "name", SAFE)))


def test_any_program_can_be_asked_for() -> None:
    """``--races`` is an option of ``explore`` and ``run``."""
    found = run_harness(
        *("explore", "races/handed-over", "--races", "--corpus", str(CORPUS)),
        *("--schedules", "2", "--state-dir", str(STATE)),
    )
    assert found.returncode == ExitCode.OK, found.stderr


@pytest.mark.parametrize("schedule", ["switch:", "random:1/old"])
def test_where_the_system_has_no_more_memory_a_run_goes_on_and_says_so(
    run: Run, schedule: str
) -> None:
    """What is kept of twenty thousand atomics does not fit; the program itself needs no more."""
    done = run("scarce", schedule, OLD="1", RACES="1")
    assert ("true\n", 0, "exit") == (done.stdout, done.code, done.end), done.stderr
    assert 1 == done.records.count(["note", "memory"])


# --- records --------------------------------------------------------------------------------------


def test_a_record_tells_races() -> None:
    """Kinds and addresses, from the innermost function on."""
    record = read_record(
        "schedule 2\nrace 0 write +0x1f,+0x2a 1 atomic-read -\nend exit steps=1 decisions=0\n"
    )
    assert record.races == (
        Race(
            earlier=Access(thread=0, kind="write", addresses=(0x1F, 0x2A)),
            later=Access(thread=1, kind="atomic-read"),
        ),
    )


@pytest.mark.parametrize(
    "entry", ["race 0 write - 1", "race 0 leap - 1 read -", "race 0 read x 1 read -"]
)
def test_a_damaged_race_is_no_record(entry: str) -> None:
    """What no runtime of ours writes is refused."""
    with pytest.raises(RecordError):
        read_record(f"schedule 2\n{entry}\nend exit steps=1 decisions=0\n")


def test_a_race_is_drawn_without_a_line() -> None:
    """Each of the two threads has a row."""
    race = Race(
        earlier=Access(thread=2, kind="write", place="a.rs:1", within="Vec::push"),
        later=Access(thread=0, kind="read"),
    )
    rows = race_rows(Record(end="exit", races=(race, race)))
    assert [(row.line, row.thread, row.stands) for row in rows] == [
        (0, 2, "writes in Vec::push at a.rs:1"),
        (0, 0, "reads"),
    ]
