"""A report to be merged that contradicts itself is refused, by file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.reports.json_lines import SCHEMA, json_lines
from harness.values.errors import ExitCode
from tests.hostile.trials import Told, command
from tests.reports_of_all_kinds import FULL

Lines = list[dict[str, Any]]
Change = Callable[[Lines], object]


def of_kind(lines: Lines, kind: str, **wanted: object) -> dict[str, Any]:
    """The first line of that kind with these values."""
    return next(
        line
        for line in lines
        if line["kind"] == kind and all(line.get(k) == v for k, v in wanted.items())
    )


def _drop_a_failure(lines: Lines) -> None:
    lines.remove(of_kind(lines, "verdict", outcome="FAILED"))


def _call_a_failure_passed(lines: Lines) -> None:
    of_kind(lines, "verdict", outcome="FAILED")["outcome"] = "PASSED"
    outcomes = lines[-1]["outcomes"]
    outcomes["PASSED"] += 1
    outcomes["FAILED"] -= 1


def _drop_its_findings(lines: Lines) -> None:
    del of_kind(lines, "verdict", outcome="FAILED")["findings"]


def _passed_unseen(lines: Lines) -> None:
    verdict = of_kind(lines, "verdict", outcome="PASSED")
    verdict["properties"] = [{"name": "x", "family": "count", "status": "broke"}]


CHANGES: dict[str, Change] = {
    "failure-dropped": _drop_a_failure,
    "failure-called-passed": _call_a_failure_passed,
    "findings-dropped": _drop_its_findings,
    "passed-unseen": _passed_unseen,
    "no-outcomes": lambda lines: lines[-1].pop("outcomes"),
    "outcomes-of-words": lambda lines: lines[-1].update(outcomes={"PASSED": "many"}),
    "negative-runs": lambda lines: of_kind(lines, "verdict").update(runs=-1),
    "negative-requested": lambda lines: lines[0].update(runs_requested=-1),
    "more-plain-runs": lambda lines: of_kind(lines, "verdict").update(plain_runs=1 << 40),
    "endless-seconds": lambda lines: lines[-1].update(seconds=float("inf")),
    "great-seconds": lambda lines: lines[-1].update(seconds=1e300),
    "great-seed": lambda lines: lines[0].update(seed=1 << 80),
    "half-a-character": lambda lines: of_kind(lines, "note").update(text="\ud800"),
    "half-a-name": lambda lines: of_kind(lines, "verdict").update(example="a/\udcff"),
    "shards": lambda lines: lines[0].update(shards=[{"index": 1, "count": 10**9}]),
    "shard-nought": lambda lines: lines[0].update(shards=[{"index": 0, "count": 3}]),
}


def merged(tmp_path: Path, changed: Change, *others: str) -> Told:
    """What ``merge`` makes of the report of everything with one change."""
    lines = [json.loads(line) for line in json_lines(FULL).splitlines()]
    changed(lines)
    text = "".join(f"{json.dumps(line).replace('Infinity', '1e999')}\n" for line in lines)
    (tmp_path / "changed.json").write_text(text, encoding="utf-8")
    (tmp_path / "sound.json").write_text(json_lines(FULL), encoding="utf-8")
    names = (tmp_path / "changed.json", *(tmp_path / other for other in others))
    return command("merge", *names, "--report", f"json={tmp_path / 'out.json'}")


@pytest.mark.parametrize("name", CHANGES)
def test_what_contradicts_itself_is_refused(tmp_path: Path, name: str) -> None:
    """In one line, with its place; nothing is written of it."""
    told = merged(tmp_path, CHANGES[name])
    assert (ExitCode.USAGE, "") == (told.code, told.out)
    (line,) = told.err.splitlines()
    assert f"{tmp_path / 'changed.json'}:" in line


def test_beside_a_sound_one_it_is_a_gap(tmp_path: Path) -> None:
    """What there is, is told all the same."""
    told = merged(tmp_path, CHANGES["failure-dropped"], "sound.json")
    assert ExitCode.FAULT == told.code  # of which the sound one tells
    assert "its outcomes are not those of the report" in " ".join(told.out.split())


def test_what_was_not_changed_is_merged_and_fits_the_schema(tmp_path: Path) -> None:
    """Else the refusals would say nothing."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - of this test alone

    told = merged(tmp_path, lambda _: None, "sound.json")
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    written = (tmp_path / "out.json").read_text("utf-8").splitlines()
    assert written, told.err
    for line in written:
        validator.validate(json.loads(line))


def test_many_missing_shards_are_told_in_few_words(tmp_path: Path) -> None:
    """As many as there may be."""

    def change(lines: Lines) -> None:
        lines[0]["shards"] = [{"index": 1, "count": 999_999, "cut": "x"}]

    told = merged(tmp_path, change)
    assert "and 999978 more" in " ".join(told.out.split())  # however its lines are folded
    assert len(told.out) < 100_000
