"""The report for other programs: one JSON object a line, all of it ASCII.

Each object says its ``kind``. First comes ``report``, with the version of
the schema; then an ``example``, a ``toolchain``, a ``verdict``, a ``note``,
a ``missing``, a ``gap`` or a ``fault`` each; at last ``end``, by which a reader knows
that nothing was cut off. A field that is left out has its default.
``report.schema.json``, beside this module, describes every field.

The version is raised when a reader of the older one would misunderstand a
newer report; fields may be added without that, and a reader passes over
those that it does not know.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.machine.toolchains.versions import numbers
from harness.reports.encoding import decode, encode
from harness.reports.sharding import MOST_SHARDS
from harness.values.errors import UsageError
from harness.values.report import Outcome, Report, Verdict
from harness.values.toolchain import Toolchain

VERSION = 1
"""The version of the schema."""

SCHEMA = Path(__file__).with_name("report.schema.json")
"""The JSON Schema of one line."""


def json_lines(report: Report) -> str:
    """The whole report as JSON lines."""
    return "".join(f"{json.dumps(each, allow_nan=False)}\n" for each in _objects(report))


def _objects(report: Report) -> Iterator[dict[str, Any]]:
    """The report's objects in their order.

    ``report`` first and ``end`` last, by which one that was cut off is known.
    """
    head = {"schema": VERSION, "harness": _own_version(), "seed": report.seed}
    head |= {"runs_requested": report.runs_requested, "shards": encode(report.shards)}
    yield {"kind": "report", **head}
    for example, directory in report.directories.items():
        yield {"kind": "example", **encode(_Located(example=example, directory=directory))}
    for toolchain in report.toolchains:
        yield {"kind": "toolchain", **encode(toolchain)}
    for verdict in report.verdicts:
        yield {"kind": "verdict", **encode(verdict)}
    told = {"note": report.notes, "missing": report.missing, "gap": report.gaps}
    for kind, texts in told.items():
        for text in texts:
            yield {"kind": kind, **encode(_ToldText(text=text))}
    for fault in report.faults:
        yield {"kind": "fault", **encode(_ToldText(text=fault))}
    counts = {outcome.value: report.count(outcome) for outcome in Outcome}
    times = {"seconds": report.seconds, "build_seconds": report.build_seconds}
    yield {"kind": "end", **times, "outcomes": counts}


def _own_version() -> str:
    """The installed version; ``unknown`` of a checkout that was never installed."""
    try:
        return version("paired-concurrency")
    except PackageNotFoundError:
        return "unknown"


def read_json_lines(lines: Iterable[str], name: str) -> Report:
    """The report that ``json_lines`` wrote.

    Raises UsageError, with ``name`` and the line's number, for anything else,
    for a report that was cut off, and for one of another version.
    """
    objects = [_read_object(line, f"{name}:{number}") for number, line in enumerate(lines, 1)]
    _check_ends(objects, name)
    parts: dict[str, list[Any]] = {}
    for number, data in enumerate(objects, 1):
        kind = str(data.get("kind"))
        try:
            parts.setdefault(kind, []).append(_value_of(kind, data))
        except ValueError as error:
            raise UsageError(f"{name}:{number}: {kind}: {error}") from None
        except RecursionError:
            raise UsageError(f"{name}:{number}: {kind}: it is too deep") from None
    _check_sum(objects[-1], parts.get("verdict", ()), f"{name}:{len(objects)}")
    return replace(
        decode(Report, objects[0] | objects[-1]),
        directories=dict(parts.get("example", ())),
        toolchains=tuple(parts.get("toolchain", ())),
        verdicts=tuple(parts.get("verdict", ())),
        notes=tuple(parts.get("note", ())),
        missing=tuple(parts.get("missing", ())),
        gaps=tuple(parts.get("gap", ())),
        faults=tuple(parts.get("fault", ())),
    )


def _read_object(line: str, place: str) -> dict[str, Any]:
    """An object of JSON; ``NaN`` and the infinities, which are none, are refused."""
    try:
        data = json.loads(line, parse_constant=_refuse_constant)
    except ValueError as error:
        raise UsageError(f"{place}: expected an object of JSON: {error}") from None
    except RecursionError:
        raise UsageError(f"{place}: expected an object of JSON, found one too deep") from None
    if not isinstance(data, dict):
        raise UsageError(f"{place}: expected an object of JSON")
    return data


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _check_ends(objects: list[dict[str, Any]], name: str) -> None:
    """See that a report begins and ends as one whole report of this version does.

    Raises UsageError.
    """
    if not objects:
        raise UsageError(f"{name}: the report is empty: whoever was to write it was ended first")
    first, last = objects[0], objects[-1]
    if first.get("kind") != "report":
        raise UsageError(f"{name}:1: expected a report that --report json={name} wrote")
    if first.get("schema") != VERSION:
        raise UsageError(
            f"{name}:1: a report of version {first.get('schema')}; this harness reads {VERSION}"
        )
    if last.get("kind") != "end":
        raise UsageError(f'{name}: the report was cut off: its last line is no "end"')
    for number, data in enumerate(objects[1:-1], 2):
        if data.get("kind") in ("report", "end"):
            raise UsageError(
                f'{name}:{number}: a second report; give each a file, and "harness merge" them all'
            )


def _check_sum(end: dict[str, Any], verdicts: Iterable[Verdict], place: str) -> None:
    """Raise UsageError unless the verdicts are those that the report says it has."""
    found = Counter(verdict.outcome.value for verdict in verdicts)
    told = end.get("outcomes")
    if not isinstance(told, dict) or Counter(told) != found:
        have = ", ".join(f"{count} {outcome}" for outcome, count in sorted(found.items()))
        raise UsageError(
            f"{place}: end: its outcomes are not those of the report, which has {have or 'none'}: "
            "something has been changed, or left out"
        )


def _check_verdict(verdict: Verdict) -> Verdict:
    """Raise ValueError for one that contradicts itself."""
    if verdict.outcome.is_bad != bool(verdict.findings):
        much = "findings" if verdict.findings else "no findings"
        raise ValueError(f"{verdict.example}: {verdict.outcome.value} with {much}")
    statuses = {result.status for result in verdict.properties}
    if verdict.outcome is Outcome.PASSED and statuses & {"broke", "not-seen"}:
        raise ValueError(f"{verdict.example}: PASSED with a property that did not hold")
    if (verdict.plain_runs or 0) > verdict.runs:
        raise ValueError(f"{verdict.example}: more plain runs than runs")
    return verdict


def _value_of(kind: str, data: dict[str, Any]) -> Any:
    """What a line holds; a kind that is not known is none of this reader's business."""
    match kind:
        case "example":
            located = decode(_Located, data)
            return located.example, located.directory
        case "toolchain":
            toolchain = decode(Toolchain, data)
            numbers(toolchain.version)
            return toolchain
        case "verdict":
            return _check_verdict(decode(Verdict, data))
        case "note" | "missing" | "gap" | "fault":
            return decode(_ToldText, data).text
        case "report" | "end":
            report = decode(Report, data)
            if any(not 1 <= s.index <= s.count <= MOST_SHARDS for s in report.shards):
                raise ValueError(f"expected shards from 1 to their count, at most {MOST_SHARDS}")
            return report
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToldText:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Located:
    example: str
    directory: str
