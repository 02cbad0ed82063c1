"""``python -m tests.zoo``: run the whole zoo, and print what is wrong with control.

The exit code is 0 if no verdict is false, nothing hangs, and nine of ten
programs are fully controlled. With ``--twins`` the wrong twin of each program is
run instead, and it is 0 if each breaks what it names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from harness.language.declarations import Spec
from harness.machine.toolchains import ToolchainRequest, choose_toolchains
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from tests.zoo.running import Effort, Found, busy_cores, choose, line_of, run_zoo, summary_of
from tests.zoo.twins import all_fail, try_twins, twins_summary

ENOUGH = 0.9
"""The part of the programs that is to be fully controlled."""


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.zoo", description=__doc__)
    parser.add_argument("select", nargs="*", help="topics, or topic/name, or how these begin")
    parser.add_argument("--schedules", type=int, default=100)
    parser.add_argument("--plain", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--side", choices=[side.value for side in Side])
    parser.add_argument("--python", default="", help="interpreters, separated by commas")
    parser.add_argument("--rust", default="", help="compilers, separated by commas")
    parser.add_argument("--idle", action="store_true", help="do not keep both cores busy")
    parser.add_argument("--twins", action="store_true", help="only run the wrong twins")
    parser.add_argument("--state-dir", type=Path, default=Path(".harness"))
    asked = parser.parse_args(arguments)
    sides = [side for side in Side if asked.side in (None, side.value)]
    request = ToolchainRequest(
        pythons=tuple(filter(None, asked.python.split(","))),
        rusts=tuple(filter(None, asked.rust.split(","))),
    )
    specs = choose(asked.select)
    sides = [side for side in sides if any(side in spec.sides for spec in specs)]
    toolchains = choose_toolchains(request, sides).toolchains
    if asked.twins:
        return _try_twins(specs, toolchains, asked.state_dir)
    effort = Effort(schedules=asked.schedules, plain=asked.plain, seed=asked.seed)
    all_found: list[Found] = []
    with nullcontext() if asked.idle else busy_cores():
        for found in run_zoo(specs, toolchains, effort, asked.state_dir):
            all_found.append(found)
            _tell(found)
    print(f"\n{summary_of(all_found)}")
    return _exit_code(all_found)


def _try_twins(specs: Sequence[Spec], toolchains: Sequence[Toolchain], state: Path) -> int:
    results = try_twins(specs, toolchains, state, partial(print, flush=True))
    print(f"\n{twins_summary(results)}")
    return 0 if all_fail(results) else 1


def _tell(found: Found) -> None:
    print(line_of(found), flush=True)
    for fault in found.faults[:6]:
        print(f"         {fault}")
    for text, count in found.unconfirmed.most_common(2):
        print(f"         unconfirmed, as the run was not fully controlled: {text} ({count} runs)")


def _exit_code(all_found: list[Found]) -> int:
    tried = [found for found in all_found if not found.skipped]
    full = sum(found.is_fully_controlled for found in tried)
    good = not any(found.faults for found in tried) and full >= ENOUGH * len(tried)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
