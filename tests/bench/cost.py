"""What verifying costs beside a shell script that builds and starts the same programs.

The script is the least that anybody would write: ``cargo build``, and then
every program as often as the harness runs it, two at a time, its output
thrown away. It checks nothing.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.verifying import verify
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.machine.toolchains import default_python, default_rust
from tests.bench.timing import in_turn, median_ratio, median_wall

RUNS = 20
ROUNDS = 2
CHAPTER = 16
"""The pairs of the source chapter come first in the reading order."""

STATE = Path(".harness/bench")


def chapter() -> tuple[Spec, ...]:
    """The sixteen pairs of the source chapter."""
    return load_all(find_examples([Path("examples")]))[:CHAPTER]


def options() -> Options:
    """Plain runs only, and no further ones: what the script makes too."""
    return Options(runs=RUNS, schedules=0, extra_runs=0, extra_schedules=0, jobs=2, state=STATE)


def write_script() -> Path:
    """The shell script, with a line for each run."""
    toolchains = (default_python(), default_rust())
    specs = chapter()
    lab = open_lab(specs, toolchains, options())
    lines = []
    for spec in specs:
        for toolchain in toolchains:
            for program in spec.programs_of(toolchain.side):
                subject = lab.subject(spec, program, toolchain)
                if subject is not None and (build := subject.plain) is not None:
                    words = " ".join(map(shlex.quote, (*build.command, *program.args)))
                    variables = " ".join(
                        f"{k}={shlex.quote(v)}" for k, v in build.environment.items()
                    )
                    lines += [f"cd {shlex.quote(str(spec.directory))}; {variables} {words}"] * RUNS
    STATE.mkdir(parents=True, exist_ok=True)
    (STATE / "runs.txt").write_text("\0".join(lines), encoding="utf-8")
    # A directory of its own: in a shared one each would undo what the other has built.
    target = STATE.absolute() / "target" / "script"
    script = STATE / "script.sh"
    script.write_text(
        # As in a reader's shell: with these set programs print more, and more slowly.
        "unset RUST_BACKTRACE PYTHONUNBUFFERED\n"
        f"cargo build -q --manifest-path examples/Cargo.toml --target-dir {target}\n"
        f"xargs -0 -P 2 -I LINE sh -c 'LINE' < {STATE}/runs.txt >/dev/null 2>&1\n"
        "exit 0\n",
        encoding="utf-8",
    )
    return script


def report() -> None:
    """Print the ratio."""
    script = write_script()
    results = in_turn(
        {
            "script": ("sh", str(script)),
            "harness": (sys.executable, "-m", "tests.bench.cost", "once"),
        },
        ROUNDS,
    )
    ratio = median_ratio(results["harness"], results["script"])
    print(f"cost: script {median_wall(results['script']):.2f} s, "
          f"harness {median_wall(results['harness']):.2f} s, ratio {ratio:.3f} "
          f"(median of {ROUNDS} pairs, {RUNS} runs of each program of the 16 pairs)")  # fmt: skip


if __name__ == "__main__":
    verify(chapter(), (default_python(), default_rust()), options(), lambda _: None)
