"""The runtime is linked into programs by whichever linker a compiler calls."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from harness.schedules.instrument import compile_runtime, probe, rustflags
from tests.programs import write_program

if TYPE_CHECKING:
    from pathlib import Path

RUSTUP = {name: os.environ[name] for name in ("HOME", "RUSTUP_HOME") if name in os.environ}
PROGRAM = """\
use std::sync::atomic::{AtomicU32, Ordering};
static READY: AtomicU32 = AtomicU32::new(0);
fn main() {
    let worker = std::thread::spawn(|| READY.fetch_add(1, Ordering::SeqCst));
    worker.join().unwrap();
    println!("{}", READY.load(Ordering::SeqCst));
}
"""
UNDEFINED = """\
error: linking with `cc` failed: exit status: 1
  = note: "cc" "-m64" "-o" "program"
  = note: /usr/bin/ld: process.c:(.text+0x52): undefined reference to `frob'
          collect2: error: ld returned 1 exit status
error: aborting due to 1 previous error
"""
NO_LINKER = """\
error: linking with `cc` failed: exit status: 1
  = note: collect2: fatal error: cannot find 'ld'
          compilation terminated.
"""
ARM = "aarch64-unknown-linux-gnu"


def build(flags: tuple[str, ...], target: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Compiles the program to ``place / "program"`` by the default compiler."""
    (place / "program.rs").write_text(PROGRAM)
    command = ["rustc", "--edition=2021", "--target", target, *flags, "program.rs"]
    environment = {"PATH": os.environ["PATH"], **RUSTUP, "RUSTC_BOOTSTRAP": "1"}
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, check=False
    )


def controlled_run(command: list[str], place: Path) -> tuple[str, str]:
    """What the program prints under control, and how its log ends."""
    log = place / "log"
    environment = {"PATH": os.environ["PATH"], "HARNESS_SCHEDULE": "switch:"}
    done = subprocess.run(
        command,
        env={**environment, "HARNESS_SCHEDULE_LOG": str(log)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout, " ".join(log.read_text().splitlines()[-1].split()[:2])


@pytest.mark.parametrize("linker", ["bfd", "gold", "lld", "mold"])
def test_each_linker_links_the_runtime(linker: str, tmp_path: Path) -> None:
    """Some look into a library only for what was asked for before it: control comes anyhow."""
    if shutil.which("mold" if linker == "mold" else f"ld.{linker}") is None:
        pytest.skip(f"{linker} was not found")
    found = probe("rustc", "cc", tmp_path, RUSTUP)
    if isinstance(found, str):
        pytest.skip(found)
    flags = (*found.rustflags, f"-Clink-arg=-fuse-ld={linker}")
    built = build(flags, found.host, tmp_path)
    assert built.returncode == 0, built.stderr
    assert ("1\n", "end exit") == controlled_run([str(tmp_path / "program")], tmp_path)


def test_aarch64_comes_under_control(tmp_path: Path) -> None:
    """A program for the other kind of host, built by a cross compiler and run by an emulator."""
    cc, emulator = shutil.which("aarch64-linux-gnu-gcc"), shutil.which("qemu-aarch64")
    if cc is None or emulator is None or shutil.which("rustc") is None:
        pytest.skip("aarch64-linux-gnu-gcc, qemu-aarch64 and rustc are needed")
    runtime = compile_runtime(cc, tmp_path)
    built = build((*rustflags(runtime), f"-Clinker={cc}"), ARM, tmp_path)
    if "can't find crate" in built.stderr or "may not be installed" in built.stderr:
        pytest.skip(f"the standard library for {ARM} was not found")
    assert built.returncode == 0, built.stderr
    program = [emulator, "-L", "/usr/aarch64-linux-gnu", str(tmp_path / "program")]
    assert ("1\n", "end exit") == controlled_run(program, tmp_path)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (UNDEFINED, "/usr/bin/ld: process.c:(.text+0x52): undefined reference to `frob'"),
        (NO_LINKER, "collect2: fatal error: cannot find 'ld'"),
        (
            "error: linker `no-such-cc` not found\n  = note: No such file or directory\n",
            "error: linker `no-such-cc` not found",
        ),
        ("warning: unused\nerror: unknown unstable option\n", "error: unknown unstable option"),
    ],
)
def test_a_failed_probe_tells_the_linkers_own_line(said: str, told: str, tmp_path: Path) -> None:
    """What is told of a failed link is its cause, not that it failed."""
    (tmp_path / "said").write_text(said)
    rustc = write_program(
        tmp_path / "rustc",
        f"""\
case "$*" in
  -vV) echo "release: 1.0.0"; echo "host: {ARM}" ;;
  --print*) echo "{tmp_path}" ;;
  *) cat "{tmp_path}/said" >&2; exit 1 ;;
esac""",
    )
    (tmp_path / "lib" / "rustlib" / ARM / "lib").mkdir(parents=True)
    reason = probe(str(rustc), "cc", tmp_path / "out", {})
    assert f"{rustc}: {told}" == reason
