"""pytest collects each ``example.toml``: an item for each side and toolchain.

The verdicts are those of ``harness verify``: an example's selected sides are
verified together, when the first of its items runs. FAILED, TIMED_OUT and
ERRORED fail, SKIPPED and INCONCLUSIVE skip with their reason; the outcome is
the item's user property ``outcome``, beside ``example``.

This is loaded by every pytest around; what it takes to verify is imported
only once there is an example.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

SPEC_FILE = "example.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of ``harness verify`` that make sense here."""
    group = parser.getgroup("harness", "paired concurrent programs (example.toml)")
    group.addoption("--harness-python", metavar="LIST", action="append", default=[],
                    help="interpreters, such as 3.9,3.13t; by default this one")  # fmt: skip
    group.addoption("--harness-rust", metavar="LIST", action="append", default=[],
                    help="compilers, such as 1.63,stable; by default cargo's own")  # fmt: skip
    group.addoption("--harness-all-toolchains", action="store_true",
                    help="every interpreter and compiler of this machine")  # fmt: skip
    group.addoption("--harness-runs", metavar="N", type=_at_least(1), default=None,
                    help="runs of each program that the system schedules")  # fmt: skip
    group.addoption("--harness-schedules", metavar="N", type=_at_least(0), default=None,
                    help="controlled schedules of each program")  # fmt: skip
    group.addoption("--harness-seed", metavar="N", type=int, default=0,
                    help="where seeded schedules start")  # fmt: skip
    group.addoption("--harness-state-dir", metavar="DIR", type=Path, default=None,
                    help="where builds are kept; by default .harness below the root")  # fmt: skip


def _at_least(least: int) -> Callable[[str], int]:
    """A type for ``argparse``: a whole number that is not less."""

    def whole_number(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {least} on, found {text!r}"
            )
        return number

    return whole_number


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """An example, if that is what lies around a file of that name."""
    beside = ("main.py", "Cargo.toml")
    if file_path.name != SPEC_FILE or not any((file_path.parent / n).exists() for n in beside):
        return None
    from harness.pytest_plugin.items import ExampleFile  # noqa: PLC0415

    file: ExampleFile = ExampleFile.from_parent(parent, path=file_path)
    return file


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was selected is verified, and nothing else."""
    if any(item.path.name == SPEC_FILE for item in session.items):
        from harness.pytest_plugin.items import note_selected  # noqa: PLC0415

        note_selected(session)


def pytest_report_collectionfinish(items: list[pytest.Item]) -> list[str]:
    """What is about to be verified, and with what; nothing where there is no example."""
    if not any(item.path.name == SPEC_FILE for item in items):
        return []
    from harness.pytest_plugin.items import header_of  # noqa: PLC0415

    return header_of(items)
