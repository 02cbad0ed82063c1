"""What it takes to build a Rust crate so that its threads can be scheduled.

The crate is compiled with ThreadSanitizer's instrumentation and linked with the C runtime beside
this file in the place of ThreadSanitizer's own. That needs a nightly compiler, or a stable one that
``RUSTC_BOOTSTRAP=1`` opens, and a C compiler. The standard library stays as it is distributed:
what it inlines into the crate is instrumented, and what it does not reaches the kernel through
functions that the runtime interposes.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.machine.process.marks import unmarked
from harness.values.errors import ToolchainMissing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNTIME = Path(__file__).parent / "runtime"
CFLAGS = (
    *("-std=gnu11", "-O2", "-Wall", "-Wextra", "-fPIC", "-fvisibility=hidden"),
    "-fno-optimize-sibling-calls",  # the function that the program called stays on the stack
)
HOSTS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")
TIMEOUT = 120.0
"""Seconds that one compiler call may take."""

_SANITIZER = (
    "-Zsanitizer=thread",
    # Else the read of a read-and-write has no hook, and nobody can step in between the two.
    "-Cllvm-args=-tsan-instrument-read-before-write=1",
)
# The runtime comes after rustc's own -lc on the linker's line, and most linkers take from an
# archive only what was asked for before it: of the C library a few functions (atexit,
# pthread_atfork) are in an archive, and so is what the C compiler calls for atomics on aarch64.
_LIBRARIES = ("-Clink-arg=-lc", "-Clink-arg=-lgcc")
_ABI_MISMATCH = "-Cunsafe-allow-abi-mismatch=sanitizer"
_FAILED_LINK = re.compile(r"error: (linking with|linker) ")
_CAUSE = re.compile(
    r"error|undefined|cannot find|not found|unrecogni[sz]ed|fatal|unable", re.IGNORECASE
)
_NO_CAUSE = re.compile(
    r"collect2: error|linker command failed|error: linking with|error: aborting|`extern` functions"
)
_CHANNELS = ("stable", "beta", "nightly", "dev")
_PROBE = """\
use std::sync::atomic::{AtomicU32, Ordering};
static READY: AtomicU32 = AtomicU32::new(0);
fn main() {
    let worker = std::thread::spawn(|| READY.store(1, Ordering::SeqCst));
    worker.join().unwrap();
    println!("{}", READY.load(Ordering::SeqCst));
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrumentation:
    """How one compiler builds controlled programs.

    ``rustflags`` are for cargo's ``CARGO_ENCODED_RUSTFLAGS`` together with ``--target host``, so
    that build scripts and procedural macros are left alone; ``environment`` is added to cargo's.
    """

    host: str
    runtime: Path
    rustflags: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]


def runtime_sources() -> tuple[Path, ...]:
    """The runtime's C sources, by name; their common header is not among them."""
    return tuple(sorted(RUNTIME.glob("*.c")))


def compile_runtime(cc: str, out_dir: Path) -> Path:
    """One relocatable object with the whole runtime, compiled by ``cc`` into ``out_dir``.

    It is compiled once for each content of the sources, flags and name of the compiler.
    Raises ToolchainMissing if the compiler cannot be run or does not take the sources.
    """
    target = out_dir / f"controlled-{_digest(cc)}.o"
    if target.exists():
        return target
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out_dir) as scratch:
        draft = Path(scratch) / target.name
        sources = [str(path) for path in runtime_sources()]
        # One relocatable object and no archive: of an archive a linker takes only members that
        # something asks for, and of what is interposed the C library would answer first.
        _output_of([cc, *CFLAGS, "-r", "-nostdlib", "-o", str(draft), *sources])
        # At once, since another call may look for it meanwhile: rename(2)
        # leaves no moment with half of it.
        draft.replace(target)
    return target


def rustflags(runtime: Path, *, abi_mismatch: bool = True) -> tuple[str, ...]:
    """The flags that rustc needs to build a program against ``runtime``.

    ``abi_mismatch`` is for compilers that refuse, without being told so, to link an instrumented
    crate with a standard library that is not; older ones do not know the flag.
    """
    allowance = (_ABI_MISMATCH,) if abi_mismatch else ()
    return (*_SANITIZER, "-Zexternal-clangrt", *allowance, f"-Clink-arg={runtime}", *_LIBRARIES)


def old_rustflags(runtime: Path, sysroot: Path, host: str) -> tuple[str, ...]:
    """The same for compilers that always link ThreadSanitizer's runtime from their sysroot.

    They are given a sysroot beside ``runtime`` that is all links to ``sysroot``, the true one, but
    in which our runtime goes by the name of theirs, which rustup's have and Debian's have not.
    """
    shadow = runtime.parent / f"sysroot-{_digest(str(sysroot))}"
    libraries = Path("lib", "rustlib", host, "lib")
    (shadow / libraries).mkdir(parents=True, exist_ok=True)
    ours = {f"librustc-{channel}_rt.tsan.a" for channel in _CHANNELS}
    for library in (sysroot / libraries).iterdir():
        if library.name not in ours:
            _link(shadow / libraries / library.name, library)
    for name in ours:
        _link(shadow / libraries / name, runtime)
    return (*_SANITIZER, *_LIBRARIES, f"--sysroot={shadow}")


def probe(
    rustc: str, cc: str, out_dir: Path, environment: Mapping[str, str] | None = None
) -> Instrumentation | str:
    """Whether this compiler can build controlled programs, tried on a tiny one; if not, why.

    ``rustc`` and ``cc`` are paths, or names on PATH; ``environment`` is what rustc needs beyond
    PATH (``RUSTUP_TOOLCHAIN``, ``HOME``…); ``out_dir`` keeps the runtime.
    """
    try:
        return _probe(rustc, compile_runtime(cc, out_dir.resolve()), dict(environment or {}))
    except ToolchainMissing as missing:
        return str(missing)


def _probe(rustc: str, runtime: Path, environment: dict[str, str]) -> Instrumentation:
    """Find out how this compiler is made to instrument: each way is tried on a small program.

    Raises ToolchainMissing where none works.
    """
    facts = _facts(rustc, environment)
    release, host = facts.get("release", "unknown"), facts.get("host", "unknown")
    if host not in HOSTS:
        raise ToolchainMissing(f"{rustc}: no controlled runs on {host}, only on {', '.join(HOSTS)}")
    # It has a stable compiler take flags that begin with -Z. Nightly ones take them anyhow,
    # and cargo's fingerprint need not know of it.
    opening = {} if "nightly" in release else {"RUSTC_BOOTSTRAP": "1"}
    sysroot = Path(_output_of([rustc, "--print", "sysroot"], environment).strip())
    ways = (
        rustflags(runtime),
        rustflags(runtime, abi_mismatch=False),
        old_rustflags(runtime, sysroot, host),
    )
    flags = _first_taken(ways, rustc, host, environment | opening)
    return Instrumentation(
        host=host, runtime=runtime, rustflags=flags, environment=tuple(opening.items())
    )


def _first_taken(
    ways: Sequence[tuple[str, ...]], rustc: str, host: str, environment: dict[str, str]
) -> tuple[str, ...]:
    """The first of the sets of flags all of which the compiler knows, once a program has run."""
    way, *others = ways
    try:
        _try_out(rustc, host, way, environment)
    except ToolchainMissing as missing:
        # ``error: unknown unstable option`` and ``unknown codegen option`` both say that it is
        # another version's; whatever else goes wrong would go wrong with the other flags as well.
        if not others or " unknown " not in str(missing):
            raise
        return _first_taken(others, rustc, host, environment)
    return way


def _try_out(rustc: str, host: str, flags: Sequence[str], environment: dict[str, str]) -> None:
    """Build the probe with these flags and run it under control; raises ToolchainMissing."""
    with tempfile.TemporaryDirectory() as scratch:
        source, program = Path(scratch, "probe.rs"), Path(scratch, "probe")
        source.write_text(_PROBE, encoding="utf-8")
        command = [rustc, "--target", host, *flags, "-o", str(program), str(source)]
        _output_of(command, environment)
        _check_control(program, Path(scratch, "log"))


def _link(link: Path, target: Path) -> None:
    """Make the link, unless it is there: another call may have made the same sysroot."""
    if not link.is_symlink():
        link.symlink_to(target)


def _facts(rustc: str, environment: dict[str, str]) -> dict[str, str]:
    """What ``rustc -vV`` says of itself: ``release``, ``host`` and more."""
    lines = _output_of([rustc, "-vV"], environment).splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def _check_control(program: Path, log: Path) -> None:
    """Raise ToolchainMissing unless the program, run under a schedule, has left a whole record."""
    environment = {"HARNESS_SCHEDULE": "switch:", "HARNESS_SCHEDULE_LOG": str(log)}
    output = _output_of([str(program)], environment)
    records = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    if output != "1\n" or not records or not records[-1].startswith("end exit "):
        raise ToolchainMissing("an instrumented program did not come under control")


def _output_of(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """What the command says on stdout; raises ToolchainMissing if it fails."""
    try:
        # Other threads start runs meanwhile, cargo's among them. A compiler that took the mark of
        # one would be killed with what that run leaves.
        with unmarked():
            process = subprocess.Popen(
                command,
                env={"PATH": os.environ.get("PATH", os.defpath), **(environment or {})},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        with process:
            try:
                said, complained = process.communicate(timeout=TIMEOUT)
            except BaseException:
                process.kill()
                raise
    except OSError as error:
        raise ToolchainMissing(f"{command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise ToolchainMissing(f"{command[0]}: took more than {TIMEOUT:g} s") from error
    if process.returncode != 0:
        raise ToolchainMissing(f"{command[0]}: {_first_error(complained, process.returncode)}")
    return said


def _first_error(text: str, code: int) -> str:
    """The line of what a compiler says that tells the cause; of a failed link, the linker's own."""
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if "error" in line]
    if not errors:
        return f"ended with code {code}"
    if _FAILED_LINK.match(errors[0]) is None:
        return errors[0]
    causes = [line for line in lines if _CAUSE.search(line) and not _NO_CAUSE.search(line)]
    return causes[-1].removeprefix("= note: ") if causes else errors[0]


def runtime_digest(cc: str) -> str:
    """Stands for the runtime's sources, its flags, the compiler's name, and what is tried here."""
    return _digest(cc)


def _digest(cc: str) -> str:
    """What stands for the compiled runtime.

    The same only for the same compiler, flags, sources and headers.
    """
    content = hashlib.sha256(repr((cc, CFLAGS)).encode())
    for path in (*runtime_sources(), *sorted(RUNTIME.glob("*.h")), Path(__file__)):
        content.update(path.name.encode() + b"\0" + path.read_bytes())
    return content.hexdigest()[:16]
