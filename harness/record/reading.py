"""What the record says of each program: runs, violations, interleavings, outcomes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harness.record import checks
from harness.record.batches import BROKE, ENDING, LOOSE, OUTCOME, PROOF, UNCONFIRMED
from harness.record.bounds import OTHERS
from harness.record.encoding import decode_ending, decode_recording
from harness.record.records import RecordedProgram, RunRecord, subject_from
from harness.record.statistics import chance_of_new, likely_unseen, new_bound, rate_bound
from harness.schedules.names import NATURAL

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A number of runs, added up.

    ``interleavings`` says how often each signature came, ``sound`` in how many
    runs that violated nothing; ``uncounted`` are runs past the bound, whose
    interleavings are not told apart. ``outcomes`` are by property; ``broke``
    says how many runs violated each property, ``unconfirmed`` the same of what
    does not count; ``loose`` in how many a thread was passed over, by thread,
    call and place. ``proofs`` are searches of all traces that came to their end, by
    how many traces there were.
    """

    runs: int = 0
    violations: int = 0
    seconds: float = 0.0
    first: datetime = _NEVER
    last: datetime = _NEVER
    interleavings: Mapping[str, int] = field(default_factory=dict)
    sound: Mapping[str, int] = field(default_factory=dict)
    uncounted: int = 0
    endings: Mapping[str, int] = field(default_factory=dict)
    broke: Mapping[str, int] = field(default_factory=dict)
    unconfirmed: Mapping[str, int] = field(default_factory=dict)
    loose: Mapping[str, int] = field(default_factory=dict)
    proofs: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def rate_bound(self) -> float:
        """What the rate of violations is below, at 95 % confidence."""
        return rate_bound(self.violations, self.runs)

    @property
    def distinct(self) -> int:
        """How many different interleavings were seen."""
        return len(self.interleavings)

    @property
    def distinct_sound(self) -> int:
        """How many of them were seen in a run that violated nothing.

        This is what may be held against the number that the properties allow.
        """
        return sum(count > 0 for count in self.sound.values())

    @property
    def chance_of_new(self) -> float:
        """How likely the next run is to show a new interleaving (Good and Turing)."""
        return chance_of_new(self.interleavings.values())

    @property
    def new_bound(self) -> float:
        """How likely it is at most where none was seen just once, and that chance comes to 0."""
        return new_bound(sum(self.interleavings.values()))

    @property
    def likely_unseen(self) -> float:
        """How many more interleavings there are to see, at the least (Chao1)."""
        return likely_unseen(self.interleavings.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was recorded of one subject: together, and for each strategy."""

    subject: RecordedProgram
    total: Summary
    strategies: Mapping[str, Summary]

    @property
    def plain(self) -> Summary:
        """The runs that the system scheduled: how often these show something is natural."""
        return add_up(s for name, s in self.strategies.items() if name in NATURAL)


def add_up(summaries: Iterable[Summary]) -> Summary:
    """One summary of all the runs."""
    summaries = tuple(summaries)
    outcomes: dict[str, Counter[str]] = {}
    for summary in summaries:
        for name, counts in summary.outcomes.items():
            outcomes.setdefault(name, Counter()).update(counts)
    return Summary(
        runs=sum(s.runs for s in summaries),
        violations=sum(s.violations for s in summaries),
        seconds=sum(s.seconds for s in summaries),
        first=min((s.first for s in summaries), default=_NEVER),
        last=max((s.last for s in summaries), default=_NEVER),
        interleavings=_added(s.interleavings for s in summaries),
        sound=_added(s.sound for s in summaries),
        uncounted=sum(s.uncounted for s in summaries),
        endings=_added(s.endings for s in summaries),
        broke=_added(s.broke for s in summaries),
        unconfirmed=_added(s.unconfirmed for s in summaries),
        loose=_added(s.loose for s in summaries),
        proofs=_added(s.proofs for s in summaries),
        outcomes=outcomes,
    )


def _added(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def read_evidence(connection: sqlite3.Connection, example: str | None) -> tuple[Evidence, ...]:
    """What was recorded of each subject (of one example), the newest subject last."""
    rows = connection.execute(
        "SELECT id, example, side, program, digest, source, toolchain, version FROM subject"
        " WHERE ? IS NULL OR example = ? ORDER BY example, side, program, toolchain, id",
        (example, example),
    ).fetchall()
    return tuple(_read_one(connection, row[0], subject_from(row[1:])) for row in rows)


def _read_one(connection: sqlite3.Connection, number: int, subject: RecordedProgram) -> Evidence:
    """Adds up what all origins have counted of a subject."""
    rows = connection.execute(
        "SELECT strategy, sum(runs), sum(violations), sum(seconds), min(first), max(last)"
        " FROM tally WHERE subject = ? GROUP BY strategy ORDER BY strategy",
        (number,),
    ).fetchall()
    strategies = {checks.text(row[0]): _summary(connection, number, row) for row in rows}
    return Evidence(subject=subject, total=add_up(strategies.values()), strategies=strategies)


def _summary(connection: sqlite3.Connection, number: int, row: tuple[Any, ...]) -> Summary:
    """The runs of one strategy; raises ValueError for counts that contradict each other."""
    strategy, runs, violations, seconds, first, last = row
    # Whoever merges records takes files of others: what cannot be is refused, whoever made it.
    if checks.count(violations) > checks.count(runs):
        raise ValueError(f"{violations} violations in {runs} runs")
    seen = connection.execute(
        "SELECT signature, sum(runs), sum(violations) FROM seen"
        " WHERE subject = ? AND strategy = ? GROUP BY signature",
        (number, strategy),
    ).fetchall()
    for signature, came, broken in seen:
        checks.signature(signature)
        if checks.count(broken) > checks.count(came):
            raise ValueError(f"{broken} violations in {came} runs")
    noted = _noted(connection, number, strategy)
    return Summary(
        runs=runs,
        violations=violations,
        seconds=checks.seconds(seconds),
        first=datetime.fromisoformat(checks.when(first)),
        last=datetime.fromisoformat(checks.when(last)),
        # Of a program with very many orders only so many are told apart; the others are counted
        # together, and would pass for one order that came very often.
        interleavings={signature.hex(): came for signature, came, _ in seen if signature != OTHERS},
        sound={s.hex(): came - broken for s, came, broken in seen if s != OTHERS},
        uncounted=sum(came for signature, came, _ in seen if signature == OTHERS),
        endings={text: came for kind, _, text, came in noted if kind == ENDING},
        broke={name: came for kind, name, _, came in noted if kind == BROKE},
        unconfirmed={name: came for kind, name, _, came in noted if kind == UNCONFIRMED},
        proofs={text: came for kind, _, text, came in noted if kind == PROOF},
        loose={text: came for kind, _, text, came in noted if kind == LOOSE},
        outcomes=_outcomes(noted),
    )


_Noted = tuple[str, str, str, int]


def _noted(connection: sqlite3.Connection, number: int, strategy: str) -> list[_Noted]:
    """What was noted of the runs of one strategy: kind, name, text, and in how many runs."""
    rows = connection.execute(
        "SELECT kind, name, text, sum(runs) FROM noted WHERE subject = ? AND strategy = ?"
        " GROUP BY kind, name, text",
        (number, strategy),
    ).fetchall()
    return [
        (checks.text(kind), checks.text(name), checks.text(text), checks.count(runs))
        for kind, name, text, runs in rows
    ]


def _outcomes(noted: Iterable[_Noted]) -> dict[str, dict[str, int]]:
    outcomes: dict[str, dict[str, int]] = {}
    for kind, name, text, came in noted:
        if kind == OUTCOME:
            outcomes.setdefault(name, {})[text] = came
    return outcomes


def read_runs(
    connection: sqlite3.Connection, subject: RecordedProgram, *, kept: bool
) -> tuple[RunRecord, ...]:
    """The single runs of a subject: those whose output was kept, or the newest others."""
    rows = connection.execute(
        "SELECT at, schedule, signature, ending, broke, outcomes, seconds, recording"
        " FROM run JOIN subject ON subject.id = run.subject"
        " WHERE example = ? AND side = ? AND program = ? AND digest = ? AND source = ?"
        " AND toolchain = ? AND version = ? AND (recording IS NOT NULL) = ? ORDER BY run.id",
        (*subject.values, kept),
    ).fetchall()
    return tuple(record_of_row(subject, row) for row in rows)


def record_of_row(subject: RecordedProgram, row: tuple[Any, ...]) -> RunRecord:
    """The record that a row of ``run`` holds; raises ValueError for one that holds none."""
    at, schedule, signature, ending, broke, outcomes, seconds, recording = row
    return RunRecord(
        subject=subject,
        schedule=checks.text(schedule),
        signature=checks.signature(signature).hex(),
        ending=decode_ending(checks.text(ending)),
        broke=checks.texts(broke),
        outcomes=checks.named_texts(outcomes),
        wall_seconds=checks.seconds(seconds),
        when=datetime.fromisoformat(checks.when(at)),
        recording=decode_recording(checks.block(recording)) if recording is not None else None,
    )
