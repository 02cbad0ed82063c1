"""A corpus of two thousand examples, without building: find, load, select, divide and merge."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from harness.discovery import find_examples, load_all, select
from harness.merging import merge_reports
from harness.options import STATE_DIRECTORY
from harness.reports.json_lines import json_lines, read_json_lines
from tests.spec.examples import SPEC, write_example
from tests.test_sharding import large_reports

EXAMPLES = 2_000


def report() -> None:
    """Print processor seconds, for a corpus that was never read and for one that was."""
    with tempfile.TemporaryDirectory() as place:
        corpus = Path(place, "corpus")
        for index in range(EXAMPLES):
            write_example(corpus, SPEC.replace('"topic"', f'"t{index % 40}"'),
                          f"t{index % 40}/e{index}")  # fmt: skip
        here = Path.cwd()
        os.chdir(place)
        STATE_DIRECTORY.mkdir()  # what was read is remembered there
        try:
            first, again = (_seconds(lambda: _load(corpus)) for _ in range(2))
        finally:
            os.chdir(here)
    merging = _seconds(_divide_and_merge)
    print(f"large: {EXAMPLES:,} examples, processor time: find, load and select {first:.2f} s, "
          f"again {again:.2f} s; divide, write, read and merge {merging:.2f} s")  # fmt: skip


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
