"""Reports of shards, machines and toolchains → one report.

Verdicts are joined, not judged anew: what only holds across runs (an
agreement of both sides) was judged where the runs were made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from harness.machine.toolchains.versions import numbers
from harness.reports.sharding import missing_shards
from harness.values.program import Side
from harness.values.report import Outcome, Report, Shard, Verdict
from harness.values.toolchain import Toolchain

_WEIGHT = {
    outcome: weight
    for weight, outcome in enumerate(
        (
            Outcome.SKIPPED,
            Outcome.INCONCLUSIVE,
            Outcome.PASSED,
            Outcome.TIMED_OUT,
            Outcome.ERRORED,
            Outcome.FAILED,
        )
    )
}
"""Which of two verdicts on the same thing counts: what is wrong in one report is wrong, and
what has been seen in one has been seen."""

_Name = tuple[Side, str]
_Identity = tuple[str, str, str, bool | None, str]


def merge_reports(reports: Sequence[Report], unread: Iterable[str] = ()) -> Report:
    """One report of all; the same report twice changes nothing but the time spent.

    Toolchains of one label that differ are told apart by system and version.
    Verdicts come by example, side and toolchain. ``unread`` says of which
    reports it was told and could not read them: they are gaps, as shards are
    that nobody tells of.
    """
    shards = _merge_shards(reports)
    labels = _new_labels(chain.from_iterable(report.toolchains for report in reports))
    toolchains = _merge_toolchains(reports, labels)
    return Report(
        verdicts=_merge_verdicts(reports, labels, toolchains),
        toolchains=toolchains,
        notes=_distinct(report.notes for report in reports),
        missing=_distinct(report.missing for report in reports),
        faults=_distinct(report.faults for report in reports),
        seconds=sum(report.seconds for report in reports),
        build_seconds=sum(report.build_seconds for report in reports),
        seed=reports[0].seed if reports else 0,
        runs_requested=max((report.runs_requested for report in reports), default=0),
        gaps=_distinct([_lasting_gaps(reports), unread, missing_shards(shards)]),
        shards=shards,
        directories={k: v for report in reports for k, v in report.directories.items()},
    )


def _distinct(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def _lasting_gaps(reports: Iterable[Report]) -> Iterator[str]:
    """The gaps that no other report can fill: all but missing shards, which are counted anew."""
    for report in reports:
        counted = missing_shards(report.shards)
        yield from (gap for gap in report.gaps if gap not in counted)


def _merge_shards(reports: Iterable[Report]) -> tuple[Shard, ...]:
    shards = dict.fromkeys(chain.from_iterable(report.shards for report in reports))
    return tuple(sorted(shards, key=lambda shard: (shard.cut, shard.index)))


# --- toolchains --------------------------------------------------------------


def _identity(toolchain: Toolchain) -> _Identity:
    """What makes two toolchains of one name the same, wherever they are installed."""
    return (
        toolchain.label,
        toolchain.version,
        toolchain.implementation,
        toolchain.has_gil,
        toolchain.os,
    )


def _new_labels(toolchains: Iterable[Toolchain]) -> Mapping[tuple[Side, _Identity], str]:
    """A label for each toolchain that no other has: its own, if that is enough."""
    named: dict[_Name, dict[_Identity, Toolchain]] = {}
    for toolchain in toolchains:
        alike = named.setdefault((toolchain.side, toolchain.label), {})
        alike.setdefault(_identity(toolchain), toolchain)
    return {
        (side, identity): _told_apart(toolchain, list(alike.values()))
        for (side, _), alike in named.items()
        for identity, toolchain in alike.items()
    }


def _told_apart(toolchain: Toolchain, alike: Iterable[Toolchain]) -> str:
    """A label that no other of that name has: with the version, the system, or both."""
    systems = {other.os for other in alike}
    here = {other.version for other in alike if other.os == toolchain.os}
    label = toolchain.label if len(here) == 1 else f"{toolchain.label}={toolchain.version}"
    return label if len(systems) == 1 else f"{label}@{toolchain.os}"


def _merge_toolchains(
    reports: Iterable[Report], labels: Mapping[tuple[Side, _Identity], str]
) -> tuple[Toolchain, ...]:
    """The toolchains of all reports, each once, by the label that it has in the merged one."""
    merged: dict[_Name, Toolchain] = {}
    for toolchain in chain.from_iterable(report.toolchains for report in reports):
        label = labels[toolchain.side, _identity(toolchain)]
        merged.setdefault((toolchain.side, label), replace(toolchain, label=label))
    return tuple(sorted(merged.values(), key=_reading_order))


def _reading_order(toolchain: Toolchain) -> tuple[bool, str, str, tuple[int, ...], str]:
    """Python before Rust, and then by system and version, numbers as numbers."""
    return (
        toolchain.side is Side.RUST,
        toolchain.os,
        toolchain.implementation,
        numbers(toolchain.version),
        toolchain.label,
    )


# --- verdicts ----------------------------------------------------------------


def _merge_verdicts(
    reports: Iterable[Report],
    labels: Mapping[tuple[Side, _Identity], str],
    toolchains: Sequence[Toolchain],
) -> tuple[Verdict, ...]:
    """One verdict for each side and toolchain, by the labels of the merged report."""
    merged: dict[tuple[str, Side, str], Verdict] = {}
    for report in reports:
        own = {(t.side, t.label): labels[t.side, _identity(t)] for t in report.toolchains}
        for verdict in report.verdicts:
            label = own.get((verdict.side, verdict.toolchain), verdict.toolchain)
            key = (verdict.example, verdict.side, label)
            known = merged.get(key)
            renamed = verdict if label == verdict.toolchain else replace(verdict, toolchain=label)
            merged[key] = renamed if known is None else _weightier(known, renamed)
    places = {(t.side, t.label): place for place, t in enumerate(toolchains)}
    return tuple(
        merged[key]
        for key in sorted(merged, key=lambda k: (k[0], k[1] is Side.RUST, places.get(k[1:], 0)))
    )


def _weightier(one: Verdict, other: Verdict) -> Verdict:
    """The worse of two verdicts on one thing, with a word on the other."""
    if one == other:
        return one
    light, heavy = sorted((one, other), key=lambda verdict: _WEIGHT[verdict.outcome])
    if light.outcome is heavy.outcome:
        return heavy
    note = f"{light.outcome.value} in another report"
    return heavy if note in heavy.notes else replace(heavy, notes=(*heavy.notes, note))
