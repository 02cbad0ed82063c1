"""What a server saves: this build against an older one, alternating, in processor time.

Of each measure the runs of both builds take turns: whatever else the machine does meets both, and
what is told is the ratio. A schedule's time is the difference between many of them and few: without
start and build. Both run the examples of the older build: the corpus has grown since.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BEFORE = "ad1a1fe"
ROUNDS = 5
FEW, MANY = 8, 48

_TIMED = """
import json, resource, sys
from harness.cli import main
sys.argv = ["harness", *sys.argv[1:]]
try:
    main()
finally:
    def seconds(who):
        usage = resource.getrusage(who)
        return usage.ru_utime + usage.ru_stime
    own, children = seconds(resource.RUSAGE_SELF), seconds(resource.RUSAGE_CHILDREN)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([own, children, peak]), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Processor seconds of one call of the harness, its own and its children's; its peak in KiB."""

    own: float
    children: float
    peak: int

    @property
    def all(self) -> float:
        """Both."""
        return self.own + self.children


def call(build: Path, *arguments: str) -> Used:
    """One call of the harness of that build."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED, *arguments],
        cwd=build,
        env={**os.environ, "PYTHONPATH": str(build)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{build}: harness {' '.join(arguments)}: {done.stdout}{done.stderr}")
    own, children, peak = json.loads(done.stderr.splitlines()[-1])
    return Used(own=own, children=children, peak=peak)


@contextmanager
def older_build(commit: str = BEFORE) -> Iterator[Path]:
    """The harness as it was at a commit, in a directory of its own."""
    root = Path(__file__).parents[2]
    with tempfile.TemporaryDirectory(prefix="before-") as scratch:
        place = Path(scratch, "build")
        subprocess.run(["git", "worktree", "add", "-q", "--detach", place, commit],
                       cwd=root, check=True)  # fmt: skip
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=root, check=True)


def _schedules(build: Path, *arguments: str) -> Used:
    """What one schedule of a program takes, of those that the arguments mean."""
    few, many = (
        call(build, "explore", "--jobs", "2", "--schedules", str(count), *arguments)
        for count in (FEW, MANY)
    )
    runs = MANY - FEW
    return Used(
        own=(many.own - few.own) / runs,
        children=(many.children - few.children) / runs,
        peak=many.peak,
    )


MEASURES: dict[str, Sequence[str]] = {
    "python, schedules of the corpus": ("--side", "python", "life-cycle", "deadlock", "pools"),
    "rust, schedules of the corpus": ("--side", "rust", "life-cycle", "deadlock", "pools"),
    "python, spawn": ("--side", "python", "spawn"),
    "rust, spawn": ("--side", "rust", "spawn"),
}


def report() -> None:
    """Print the ratios, medians and ranges, and how loaded the machine was."""
    here = Path(__file__).parents[2]
    print(f"server: load {os.getloadavg()[0]:.1f}, {ROUNDS} rounds, against {BEFORE}", flush=True)
    with older_build() as before:
        corpus = ("--corpus", str(before / "examples"))
        for name, measured in MEASURES.items():
            arguments = (*measured, *corpus)
            for build in (before, here):
                call(build, "explore", "--schedules", "1", *arguments)  # built
            _tell(name, [(_schedules(before, *arguments), _schedules(here, *arguments))
                         for _ in range(ROUNDS)])  # fmt: skip
        verify = ("verify", *(f"{t.name}/*" for t in _topics(before)), *corpus)
        for build in (before, here):
            call(build, *verify)
        _tell("verify without gil/", [(call(before, *verify), call(here, *verify))
                                      for _ in range(ROUNDS)])  # fmt: skip
    print(f"server: load {os.getloadavg()[0]:.1f} at the end")


def _topics(root: Path) -> Iterator[Path]:
    return (p for p in sorted((root / "examples").iterdir())
            if p.is_dir() and p.name not in ("gil", "target"))  # fmt: skip


def _tell(name: str, pairs: Sequence[tuple[Used, Used]]) -> None:
    ratios = sorted(old.all / new.all for old, new in pairs)
    old, new = (statistics.median(pair[i].all for pair in pairs) for i in (0, 1))
    own_old, own_new = (statistics.median(pair[i].own for pair in pairs) for i in (0, 1))
    peaks = [max(pair[i].peak for pair in pairs) // 1024 for i in (0, 1)]
    print(f"server: {name}: {1000 * old:.2f} ms → {1000 * new:.2f} ms, "
          f"{statistics.median(ratios):.2f} × ({ratios[0]:.2f}–{ratios[-1]:.2f}); "
          f"the harness's own {1000 * own_old:.2f} → {1000 * own_new:.2f} ms, "
          f"peak {peaks[0]} → {peaks[1]} MiB", flush=True)  # fmt: skip
