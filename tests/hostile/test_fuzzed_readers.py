"""Readers of outside data, fed with what is almost right: no exception but ours.

``HARNESS_FUZZ`` says how many inputs each reader gets; by default few.
"""

from __future__ import annotations

import io
import json
import os
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.language.spec import load_spec
from harness.machine.cargo.faults import require_linker
from harness.machine.cargo.isolation import apart
from harness.machine.cargo.manifests import movable_manifest, needs_registry, read_crate
from harness.machine.cargo.messages import artifact_name, read_messages
from harness.record import Store
from harness.record.schema import EvidenceError
from harness.reports.github import github
from harness.reports.json_lines import json_lines, read_json_lines
from harness.reports.junit import junit
from harness.reports.markdown import markdown
from harness.reports.merging import merge_reports
from harness.schedules.controlled import ending_under_control, estimate_of
from harness.schedules.lanes import lane_rows, standing_rows
from harness.schedules.record import RecordError, read_record
from harness.values.errors import BuildImpossible, SpecError, UsageError
from harness.values.run import Exited
from tests.hostile.trials import SPEC, command, write_example
from tests.reports_of_all_kinds import FULL
from tests.schedules.test_record import WHOLE

INPUTS = int(os.environ.get("HARNESS_FUZZ", "300"))
SEED = 7

JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 1 << 70, "", "x", "\x00", "\x1b[2J", "é", "9" * 20, [], {}, [1],
    [[]], [{}], {"x": 1}, {"id": "x", "arguments": {}},
)  # fmt: skip


def fuzzed(use: Callable[[random.Random], object]) -> None:
    """Call ``use`` with a generator of its own so many times; its number tells which failed."""
    for number in range(INPUTS):
        try:
            use(random.Random(f"{SEED}:{number}"))
        except Exception as error:
            raise AssertionError(f"input {number}: {error!r}") from error


def changed(draw: random.Random, value: Any) -> Any:
    """The value with one part of it left out, doubled, or something else."""
    if isinstance(value, dict | list) and value and draw.random() < 0.85:
        items = value if isinstance(value, dict) else dict(enumerate(value))
        key = draw.choice(list(items))
        kept = dict(items)
        match draw.randrange(8):
            case 0:
                del kept[key]
            case 1:
                kept[draw.choice(list(items))] = items[key]
            case _:
                kept[key] = changed(draw, items[key])
        return kept if isinstance(value, dict) else list(kept.values())
    return draw.choice(JUNK)


def torn(draw: random.Random, text: str) -> str:
    """The text with some of its characters left out, doubled, moved or changed."""
    for _ in range(draw.randrange(1, 4)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice((1, 2, 5, 40)))
        piece = text[start:end]
        new = draw.choice(
            ("", piece * 2, piece[::-1], "\0", "[", '"', "9" * 20, "\n", "-", " ", "é")
        )
        text = text[:start] + new + text[end:]
    return text


# --- specs, manifests, cargo ------------------------------------------------------------

SPECS = [path.read_text("utf-8") for path in sorted(Path("examples").glob("*/*/example.toml"))[::5]]
BREAKS = [path.read_text("utf-8") for path in sorted(Path("examples").glob("*/*/breaks.toml"))[::5]]


def test_specs(tmp_path: Path) -> None:
    """Each is taken or refused, with what is wrong in a line."""
    directory = write_example(tmp_path, "print('said 1')\n")
    (directory / "src").mkdir()
    (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")

    def use(draw: random.Random) -> None:
        text = torn(draw, draw.choice([SPEC, *SPECS]))
        data = text.encode() if draw.random() < 0.9 else text.encode("utf-16")
        (directory / "example.toml").write_bytes(data)
        (directory / "breaks.toml").write_text(torn(draw, draw.choice(BREAKS)), encoding="utf-8")
        try:
            load_spec(directory)
        except SpecError as error:
            told = str(error)
        else:
            return
        assert told

    fuzzed(use)


MANIFEST: dict[str, Any] = {
    "package": {"name": "x", "version": "0.1.0", "edition": "2021", "rust-version": "1.70"},
    "dependencies": {"a": "1", "b": {"path": "../b", "features": ["x"]}, "c": {"workspace": True}},
    "dev-dependencies": {"d": {"version": "1"}},
    "target": {"cfg(unix)": {"dependencies": {"e": "1"}}},
    "bin": [{"name": "x", "path": "src/main.rs"}],
    "lib": {"path": "src/lib.rs"},
    "workspace": {
        "members": ["topic/hostile"],
        "package": {"version": "0.1.0", "rust-version": "1.70"},
        "dependencies": {"c": {"path": "c"}},
    },
}


def as_toml(value: Any) -> str:
    """Inline TOML of a value; nothing is a text here."""
    match value:
        case dict():
            return (
                "{" + ", ".join(f"{as_toml(str(k))} = {as_toml(v)}" for k, v in value.items()) + "}"
            )
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case None:
            return '"none"'
        case int() if value.bit_length() > 63:
            return "0"
        case str():
            return json.dumps(value).replace("\\u0000", "\\u0001")
        case _:
            return json.dumps(value)


def test_manifests(tmp_path: Path) -> None:
    """What a manifest, its workspace's and a lock hold is cargo's to judge."""
    directory = write_example(tmp_path, "print('said 1')\n")
    (directory / "src").mkdir()
    (directory / "src" / "main.rs").write_text("fn main() {}\n", encoding="utf-8")
    spec = load_spec(directory)

    def use(draw: random.Random) -> None:
        for place, name in ((directory, "Cargo.toml"), (tmp_path, "Cargo.toml")):
            tables = changed(draw, changed(draw, MANIFEST))
            items = tables.items() if isinstance(tables, dict) else ()
            text = "".join(f"{as_toml(k)} = {as_toml(v)}\n" for k, v in items)
            (place / name).write_text(text, encoding="utf-8")
        lock = f"package = {as_toml(changed(draw, [{'name': 'x', 'source': 'y'}]))}\n"
        (tmp_path / "Cargo.lock").write_text(lock, encoding="utf-8")
        for act in (_read, lambda: movable_manifest(directory)):
            try:
                act()
            except BuildImpossible:
                continue

    def _read() -> None:
        crate = read_crate(spec)
        assert crate is not None
        needs_registry(crate.root, (crate,))
        assert crate.package_id
        for program in crate.programs:
            crate.bin_name(program)
        apart(crate.root, (crate,), tmp_path / "place")

    fuzzed(use)


MESSAGES: list[dict[str, Any]] = [
    {
        "reason": "compiler-artifact",
        "target": {"src_path": "/a/src/main.rs", "name": "a"},
        "executable": "/t/a", "filenames": ["/t/a"], "fresh": False,
    },
    {
        "reason": "compiler-message", "manifest_path": "/a/Cargo.toml",
        "target": {"src_path": "/a/src/main.rs", "name": "a"},
        "message": {
            "level": "error", "message": "linker `x` not found", "code": {"code": "E0382"},
            "spans": [{
                "is_primary": True, "file_name": "src/main.rs", "line_start": 1, "column_start": 2,
                "text": [{"text": "x"}],
                "expansion": {"span": {"file_name": "b", "line_start": 1, "column_start": 1}},
            }],
            "children": [{"message": "note"}], "rendered": "r",
        },
    },
    {"reason": "build-finished", "success": True},
]  # fmt: skip


def test_messages_of_cargo() -> None:
    """What has not the form of a message is none."""

    def use(draw: random.Random) -> None:
        lines = [json.dumps(changed(draw, message)) for message in MESSAGES]
        text = "\n".join(lines) if draw.random() < 0.7 else torn(draw, "\n".join(lines))
        try:
            log = read_messages(text.encode(), Path("/a"))
            require_linker(log)
            hash(log)
        except BuildImpossible:
            pass
        for line in text.encode().split(b"\n"):
            artifact_name(line)

    fuzzed(use)


# --- records of schedules -----------------------------------------------------------------


def test_records_of_schedules() -> None:
    """What is taken can be drawn, told and estimated by."""
    second = WHOLE.replace("schedule 1", "schedule 2") + ""
    second = second.replace(
        "end deadlock", "l 1 9 main.py:3\np 4 2\nx 5 1\nh 1 2\nc 3 e1 p2\nend exit"
    )

    def use(draw: random.Random) -> None:
        text = draw.choice((WHOLE, second))
        words = text.split(" ")
        if draw.random() < 0.5:
            at = draw.randrange(len(words))
            words[at] = draw.choice(
                ("-1", "9" * 9, "9" * 19, "9" * 5000, "", "x", "0,99999", "+0x1")
            )
            text = " ".join(words)
        else:
            text = torn(draw, text)
        try:
            record = read_record(text)
        except RecordError:
            return
        estimate_of(record)
        ending_under_control(Exited(0), record)
        lane_rows(record, b"a line\n" * 3, ())
        standing_rows(record)

    fuzzed(use)


# --- reports and evidence -----------------------------------------------------------------


def test_reports_to_be_merged() -> None:
    """What is taken can be merged and written in every form."""
    sound = [json.loads(line) for line in json_lines(FULL).splitlines()]

    def use(draw: random.Random) -> None:
        lines = list(sound)
        at = draw.randrange(len(lines))
        lines[at] = changed(draw, lines[at])
        texts = [json.dumps(line) for line in lines]
        if draw.random() < 0.2:
            texts[at] = torn(draw, texts[at])
        if draw.random() < 0.1:
            del texts[draw.randrange(len(texts))]
        try:
            report = read_json_lines(texts, "r.json")
        except UsageError as error:
            refused = str(error)
        else:
            refused = ""
        if refused:
            assert refused.startswith("r.json:"), refused
            return
        merged = merge_reports([report, FULL])
        assert read_json_lines(json_lines(merged).splitlines(), "merged") == merged
        for form in (junit, markdown, github):
            form(merged).encode("utf-8", "backslashreplace")

    fuzzed(use)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The lines of an export of some runs."""
    place = tmp_path_factory.mktemp("exported")
    write_example(place / "corpus", "print('said 1')\n")
    command(
        *("verify", "--corpus", place / "corpus", "--state-dir", place / "state"),
        *("--runs", "2", "--schedules", "0"),
    )
    out = io.StringIO()
    with Store(place / "state") as store:
        store.export(out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_exports_of_evidence(exported: list[Any], tmp_path: Path) -> None:
    """What is taken can be read again; what is refused leaves nothing."""
    assert len(exported) > 1
    with Store(tmp_path) as store:

        def use(draw: random.Random) -> None:
            lines = list(exported)
            at = draw.randrange(len(lines))
            lines[at] = changed(draw, lines[at])
            texts = [json.dumps(line) for line in lines]
            if draw.random() < 0.2:
                texts[at] = torn(draw, texts[at])
            try:
                store.merge(texts, "x.jsonl")
            except EvidenceError as error:
                refused = str(error)
            else:
                refused = ""
            if refused:
                assert refused.startswith("x.jsonl:"), refused
                return
            for evidence in store.evidence():
                assert evidence.total.rate_bound >= 0
                store.kept_runs(evidence.subject)
                store.newest_runs(evidence.subject)
            _forget(tmp_path)

        fuzzed(use)


def _forget(state: Path) -> None:
    with sqlite3.connect(state / "evidence.sqlite3") as connection:
        for table in ("tally", "seen", "noted", "run", "subject"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
