"""The Rust programs of this directory, built to be controlled, and how one is run."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from harness.schedules.instrument import Instrumentation, probe
from tests.schedules.controlled_rust import PROGRAMS, RUSTUP, Controlled

LIMIT_SECONDS = 120
"""What no run takes, however busy the machine is."""

if TYPE_CHECKING:
    from pathlib import Path

    from tests.schedules.controlled_rust import Run


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for what the tests build."""
    return tmp_path_factory.mktemp("controlled")


@pytest.fixture(scope="session")
def instrumentation(work: Path) -> Instrumentation:
    """How the default compiler builds controlled programs."""
    found = probe("rustc", "cc", work, RUSTUP)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="session")
def programs(work: Path, instrumentation: Instrumentation) -> Path:
    """The directory of the compiled programs."""
    environment = {"PATH": os.environ["PATH"], **RUSTUP, **dict(instrumentation.environment)}
    command = ["rustc", "--edition=2021", "-Cdebuginfo=1", "--out-dir", str(work)]
    command += ["--target", instrumentation.host]
    compilers = [
        subprocess.Popen([*command, *instrumentation.rustflags, str(source)], env=environment)
        for source in PROGRAMS.glob("*.rs")
    ]
    assert {0} == {compiler.wait() for compiler in compilers}
    return work


@pytest.fixture
def run(programs: Path, tmp_path: Path) -> Run:
    """Runs ``program arguments…`` under a schedule."""

    def start(command: str, schedule: str, **settings: str) -> Controlled:
        name, *arguments = command.split()
        log = tmp_path / "log"
        environment = {"PATH": "/usr/bin:/bin", "HARNESS_SCHEDULE_LOG": str(log)}
        environment |= {f"HARNESS_SCHEDULE_{key}": value for key, value in settings.items()}
        done = subprocess.run(
            [str(programs / name), *arguments],
            env={**environment, "HARNESS_SCHEDULE": schedule},
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        return Controlled(
            code=done.returncode, stdout=done.stdout, stderr=done.stderr, log=log.read_text()
        )

    return start
