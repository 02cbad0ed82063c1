"""``python -m tests.dist DIRECTORY``: try the wheel and the sdist that lie there.

The sdist has to hold all that git knows. The wheel is installed into an empty
environment of each CPython from 3.11 on, and put to work in an empty directory;
what is installed is read-only then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.machine.toolchains import find_all

ROOT = Path(__file__).parents[2]
OLDEST = (3, 11)

FIRST = (
    "--version",
    "init",
    "list",
    "verify --runs 2 --schedules 6",
    "run three-steps",
    "explain order",
    "site",
)
"""What is tried with every interpreter."""

REST = (
    "new topic/another --breaks",
    "try examples/first-steps/three-steps/main.py --schedules 20",
    "explore three-steps --budget 2s --schedules 20",
    "propose three-steps --runs 2 --schedules 6 -o proposed.toml",
    "audit another --runs 2 --schedules 10",
    "mutate another --runs 1 --schedules 4 --most 2",
    "render page.md -o rendered.md",
    "evidence",
    "rejudge",
    "break another",
    "doctor",
)
"""What is tried with one."""


class WrongError(Exception):
    """What is wrong with a distribution."""


def main(arguments: list[str] | None = None) -> int:
    """Try both; the exit code is 1 if something is wrong with either."""
    parser = argparse.ArgumentParser(prog="python -m tests.dist", description=__doc__)
    parser.add_argument("directory", type=Path, help="where the wheel and the sdist lie")
    parser.add_argument("--python", action="append", help="an interpreter; by default all here")
    options = parser.parse_args(arguments)
    try:
        _try_sdist(_only(options.directory, "*.tar.gz"))
        pythons = options.python or list(_pythons())
        for number, python in enumerate(pythons):
            commands = (*FIRST, *REST) if number == 0 else FIRST
            _try_wheel(_only(options.directory, "*.whl"), python, commands)
    except WrongError as error:
        print(f"dist: {error}", file=sys.stderr)
        return 1
    return 0


def _only(directory: Path, pattern: str) -> Path:
    found = sorted(directory.glob(pattern))
    if len(found) != 1:
        raise WrongError(f"{directory}: expected one {pattern}, found {len(found)}")
    return found[0]


def _pythons() -> Iterator[str]:
    """Every CPython of this machine that the harness may run on, one a version."""
    for found in find_all().pythons:
        version = tuple(int(part) for part in found.version.split(".")[:2])
        if found.implementation == "CPython" and found.has_gil and version >= OLDEST:
            yield str(found.program)


# --- the sdist ------------------------------------------------------------------


def _try_sdist(sdist: Path) -> None:
    """See that it holds what git knows, and that its own tests run in it."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with tempfile.TemporaryDirectory() as place, tarfile.open(sdist) as archive:
        archive.extractall(place, filter="data")
        (inside,) = Path(place).iterdir()
        missing = [name for name in listed.stdout.splitlines() if not (inside / name).exists()]
        if missing:
            raise WrongError(f"{sdist.name} lacks {len(missing)} files, such as {missing[0]}")
        tests = ["tests/test_patterns.py", "tests/test_judge.py", "tests/test_init.py"]
        _run([sys.executable, "-m", "pytest", "-q", *tests], inside, os.environ)
    print(f"{sdist.name}: {len(listed.stdout.splitlines())} files of git's are in it")


# --- the wheel ------------------------------------------------------------------


def _try_wheel(wheel: Path, python: str, commands: Sequence[str]) -> None:
    """Install it into an empty environment, and do all that a user does there."""
    with tempfile.TemporaryDirectory() as place:
        environment = Path(place, "environment")
        _run([python, "-m", "venv", "--without-pip", str(environment)], Path(place), os.environ)
        pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
        installing = [*pip, "install", "--quiet", "--disable-pip-version-check"]
        _run([*installing, str(wheel.absolute())], Path(place), os.environ)
        project = Path(place, "project")
        project.mkdir()
        (project / "page.md").write_text("{{#pair three-steps}}\n", encoding="utf-8")
        begin = _protected(environment / "lib")
        for command in commands:
            words = [*begin, str(environment / "bin" / "harness"), *command.split()]
            _run(words, project, _environment(environment))
        for directory in [environment / "lib", *(environment / "lib").rglob("*")]:
            directory.chmod(0o755)
    print(f"{wheel.name}: {python}: {len(commands)} commands")


def _environment(environment: Path) -> dict[str, str]:
    """That of a person who has activated the environment, and nothing else."""
    kept = ("HOME", "CARGO_HOME", "RUSTUP_HOME", "TMPDIR", "LANG")
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path} | {name: os.environ[name] for name in kept if name in os.environ}


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
"""For root, whom no mode of a directory keeps from writing there."""


def _protected(place: Path) -> list[str]:
    """What a command begins with that is to see what is installed as read-only; it is seen to be."""
    if os.geteuid() == 0:
        words = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(place)]
    else:
        words = ["env"]
        for directory in [*(path for path in place.rglob("*") if path.is_dir()), place]:
            directory.chmod(0o555)
    tried = subprocess.run([*words, "touch", str(place / "tried")], capture_output=True, check=False)
    if tried.returncode == 0 or (place / "tried").exists():
        raise WrongError(f"{place} cannot be made read-only here")
    return words


def _run(words: Sequence[str], place: Path, environment: os._Environ[str] | dict[str, str]) -> None:
    done = subprocess.run(
        words, cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = f"{done.stdout}{done.stderr}".strip()
        raise WrongError(f"{' '.join(words)} ended with {done.returncode}:\n{said}")


if __name__ == "__main__":
    sys.exit(main())
