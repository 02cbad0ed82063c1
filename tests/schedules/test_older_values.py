"""Loads that read an older store: by which name, in which words, and only where they may."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_rust
from harness.schedules.accesses import Old, Stored, object_name
from harness.schedules.lanes import lane_rows
from harness.schedules.likeliest import likeliest_first
from harness.schedules.names import Schedule, Strategy, parse_schedule
from harness.schedules.record import Record, RecordError, Written, read_record
from harness.schedules.rotation import controlled_rotation
from harness.schedules.search import Departure, Kind, Search, departing, departures_of, options_of
from harness.values.errors import UsageError
from harness.values.report import Report

CORPUS = Path(__file__).parents[1] / "fixtures" / "memory"
STATE = Path(__file__).parents[2] / ".harness" / "fixtures"
OPTIONS = Options(runs=1, schedules=40, extra_runs=0, extra_schedules=0, jobs=2, state=STATE)
RECORD = """\
schedule 2
thread 1 0
c 5 o1:2
r 5 1 2 read _ZN4demo5READY17h0123456789abcdefE 0 -1 - 2 0 +0x1f,+0x2a +0x3b
o 0 3
r 7 0 1 stored - 4 0 - 5 1 - -
end exit steps=9 decisions=0
"""


@pytest.fixture(scope="module")
def report() -> Report:
    """One verification of the programs whose values may be older."""
    specs = load_all(each for each in find_examples((CORPUS,)) if each.parent.name == "values")
    return verify(specs, (default_rust(),), OPTIONS, lambda _: None)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "values/published",
            "src/main.rs:17, stored at start, though thread 1 had stored 42 at src/main.rs:11",
        ),
        ("values/store-buffering", "stored at start, though "),
    ],
)
def test_an_older_value_is_found_made_small_and_told(report: Report, name: str, told: str) -> None:
    """The plainest schedule that shows it has the departure by its name."""
    [verdict] = (each for each in report.verdicts if each.example == name)
    [finding] = verdict.findings
    [value] = (text for row in finding.lanes for _, text in row.old)
    assert told in value
    assert "old@" in finding.reproduce
    assert finding.switches is not None
    assert finding.switches <= 2


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("random:3/old", "pct2:3/early/old", "weighted:3/early/spurious/old"),
        *("sticky:0/spurious/old", "switch:old@5>1", "switch:2>1,weak@4,old@5>1,old@6>2"),
    ],
)
def test_a_schedule_with_older_values_has_a_name(name: str) -> None:
    """What is typed is what is run."""
    assert str(parse_schedule(name)) == name


@pytest.mark.parametrize(
    "name", ["plain/old", "probe:1/old", "random:3/old/early", "switch:old@5", "switch:/old"]
)
def test_other_names_are_refused(name: str) -> None:
    """With the forms that there are."""
    with pytest.raises(UsageError, match="old@STEP>BACK"):
        parse_schedule(name)


def test_only_who_can_tell_draws_older_values() -> None:
    """Half of its schedules, with early timeouts and without; the others' names are as ever."""
    asked = controlled_rotation(72, old=True)
    assert sum(each.old for each in asked) == 36
    assert {each.early for each in asked if each.old} == {True, False}
    assert not any(each.old for each in controlled_rotation(72))


# --- records --------------------------------------------------------------------------------------


def test_a_record_tells_older_values() -> None:
    """Which, whose, and instead of which."""
    record = read_record(RECORD)
    assert record.old[0] == Old(
        step=5,
        thread=1,
        decision=-1,
        back=2,
        written=0,
        is_load=True,
        own=Stored(value=0),
        newer=Stored(value=2, thread=0, addresses=(0x1F, 0x2A)),
        name="READY",
        addresses=(0x3B,),
    )
    assert record.candidates[0].old == ((1, 2),)
    assert record.old[0].told == "reads 0 from READY, stored at start, though main had stored 2"
    assert record.old[1].told == (
        "stores 4 to an atomic, behind what is newer: thread 1 had stored 5"
    )


@pytest.mark.parametrize(
    "entry",
    ["r 5 1 2 read X 0 -1 - 2 0 -", "r 5 1 2 leap X 0 -1 - 2 0 - -", "c 5 o1", "c 5 o1:99999999"],
)
def test_a_damaged_entry_is_no_record(entry: str) -> None:
    """What no runtime of ours writes is refused."""
    with pytest.raises(RecordError):
        read_record(f"schedule 2\n{entry}\nend exit steps=1 decisions=0\n")


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_ZN4demo5READY17h0123456789abcdefE", "READY"),
        ("_RNvCs1234_4demo5READY", "READY"),
        ("_RNvNvCsdLQMHtI3gYk_4demo4main5READY", "READY"),
        ("-", ""),
        ("", ""),
    ],
)
def test_the_name_is_that_of_the_program(symbol: str, name: str) -> None:
    """However rustc has written it."""
    assert object_name(symbol) == name


# --- departures -----------------------------------------------------------------------------------


def test_an_older_value_is_a_departure() -> None:
    """It is read off a run, typed, and offered with each store that there is."""
    record = read_record(RECORD)
    departures = departures_of(record)
    assert departures == (Departure(Kind.OLD, 5, 1, 2), Departure(Kind.OLD, 7, 0, 1))
    assert str(departing(departures)) == "switch:old@5>2,old@7>1"
    backs = [each.departure.back for each in options_of(record)]
    assert backs == [1, 2]
    assert [each.departure.back for each in likeliest_first(record, ())] == backs


def test_a_search_comes_to_each_value_once() -> None:
    """From a run with one older value no second is made of the same load."""
    search = Search()
    assert search.next() == Schedule(strategy=Strategy.SWITCH)
    plain = RECORD.replace("r 5", "note rested\nr 5").splitlines()
    text = "\n".join(line for line in plain if line[0] != "r" and not line.startswith("note"))
    search.add(read_record(f"{text}\n"))
    assert {str(search.next()), str(search.next())} == {"switch:old@5>1", "switch:old@5>2"}
    assert search.next() is None
    assert search.has_old


def test_a_value_stands_before_the_line_that_follows_it() -> None:
    """By how much had been written, for no decision need lie between."""
    old = read_record(RECORD).old
    record = Record(
        end="exit",
        old=old,
        written=tuple(Written(0, 2, "stdout", -1) for _ in range(2)),
    )
    rows = lane_rows(record, b"a\nb\n", ())
    assert [[thread for thread, _ in row.old] for row in rows] == [[1], [0]]
