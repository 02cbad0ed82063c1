"""The part that runs feature programs: it tells what is expected from what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.machine.toolchains import default_python, default_rust
from harness.values.program import Side
from tests.bench import features
from tests.bench.programs import FEATURES, PYTHON_FEATURES, RUST_FEATURES, Feature
from tests.bench.workbench import Workbench

BenchOf = Callable[[Side], Workbench]


@pytest.mark.parametrize("side", list(Side))
def test_nothing_is_unexpected_of_correct_programs(bench_of: BenchOf, side: Side) -> None:
    """Every feature of the default toolchains, under a few schedules."""
    bench = bench_of(side)
    tried = features.fitting(bench.toolchain)
    assert {feature.program.side for feature in tried} == {side}
    assert [] == [one for feature in tried for one in features.try_feature(bench, feature, 2)]


@pytest.mark.parametrize("feature", [PYTHON_FEATURES[0], RUST_FEATURES[0]])
def test_another_output_is_unexpected(bench_of: BenchOf, feature: Feature) -> None:
    """A program that prints something else is told with its schedule and what it gave."""
    bench = bench_of(feature.program.side)
    (found,) = features.try_feature(bench, replace(feature, expected="else\n"), 1)
    assert f"{feature.program.name} under random:0: Exited(code=0), " in str(found)


def test_a_deadlock_is_unexpected(bench_of: BenchOf) -> None:
    """What printed as it must, but did not end so, is unexpected too."""
    program = replace(PYTHON_FEATURES[0].program, file="deadlocks", arguments=("twice",))
    feature = replace(PYTHON_FEATURES[0], program=program, expected="before\n")
    (found,) = features.try_feature(bench_of(Side.PYTHON), feature, 1)
    assert "Deadlocked" in found.got


def test_old_toolchains_are_not_asked_for_what_is_newer() -> None:
    """Each feature has a floor, and belongs to one side."""
    old = replace(default_rust(), version="1.63.0")
    assert len(RUST_FEATURES) - 1 == len(features.fitting(old, FEATURES))
    assert PYTHON_FEATURES == features.fitting(default_python(), FEATURES)


def test_the_part_fails_if_anything_was_unexpected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was unexpected is listed, with the seed, and the exit code is 1."""
    wrong = features.Unexpected("CPython 3.11.7", "queues", "random:0", "Exited(code=1)")
    monkeypatch.setattr(features, "toolchains", lambda: (default_python(),))
    monkeypatch.setattr(features, "try_all", lambda *_: (wrong,))
    with pytest.raises(SystemExit, match="1"):
        features.report(1)
    assert "  CPython 3.11.7: queues under random:0: Exited(code=1)\n" == capsys.readouterr().out
