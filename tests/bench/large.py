"""A corpus of two thousand examples, without building: find, load, select, divide and merge."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from harness.language.discovery import find_examples, load_all, select
from harness.reports.json_lines import json_lines, read_json_lines
from harness.reports.merging import merge_reports
from tests.spec.examples import SPEC, write_example
from tests.test_sharding import large_reports

EXAMPLES = 2_000


def report() -> None:
    """Print processor seconds."""
    with tempfile.TemporaryDirectory() as place:
        corpus = Path(place, "corpus")
        for index in range(EXAMPLES):
            write_example(corpus, SPEC.replace('"topic"', f'"t{index % 40}"'),
                          f"t{index % 40}/e{index}")  # fmt: skip
        loading = _seconds(lambda: _load(corpus))
    merging = _seconds(_divide_and_merge)
    print(f"large: {EXAMPLES:,} examples, processor time: find, load and select {loading:.2f} s; "
          f"divide, write, read and merge {merging:.2f} s")  # fmt: skip


def _load(corpus: Path) -> None:
    specs = load_all(select(find_examples([corpus]), ["t*/*"]))
    if len(specs) != EXAMPLES:
        raise SystemExit(f"{len(specs)} of {EXAMPLES} examples were loaded")


def _divide_and_merge() -> None:
    texts = [json_lines(each) for each in large_reports(EXAMPLES)]
    merged = merge_reports([read_json_lines(text.splitlines(), "shard") for text in texts])
    if len(merged.verdicts) != 2 * EXAMPLES:
        raise SystemExit(f"{len(merged.verdicts)} verdicts of {2 * EXAMPLES} were merged")


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
