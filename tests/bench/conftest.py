"""The default toolchains' workbenches, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from harness.machine.toolchains import default_python, default_rust
from harness.values.program import Side
from tests.bench.workbench import Workbench, make_workbench


@pytest.fixture(scope="session")
def bench_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Side], Workbench]:
    """Give the workbench of a side; skip where it cannot be had."""
    place = tmp_path_factory.mktemp("workbench")

    @cache
    def bench(side: Side) -> Workbench | str:
        return make_workbench(default_python() if side is Side.PYTHON else default_rust(), place)

    def had(side: Side) -> Workbench:
        made = bench(side)
        if isinstance(made, str):
            pytest.skip(made)
        return made

    return had
