"""Finding Rust compilers: where they may be, and which one a request means."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.machine.cores import allowed_cores
from harness.machine.pool import in_parallel
from harness.machine.process import tool_environment
from harness.machine.toolchains.asking import (
    BrokenToolchain,
    UnusableError,
    ask,
    read_cargo_answer,
    read_rustc_answer,
    read_rustup_list,
)
from harness.machine.toolchains.machine import operating_system
from harness.machine.toolchains.versions import numbers, satisfies
from harness.values.errors import ToolchainMissing
from harness.values.program import Side
from harness.values.toolchain import Toolchain

OLDEST = "1.63"
"""The first Rust with scoped threads; its cargo is new enough as well."""
INSTALL_PAGE = "https://rustup.rs"
EXECUTABLE_SUFFIX = ".exe" if sys.platform == "win32" else ""

_COMMAND = re.compile(r"rustc(?P<suffix>-\d+(?:\.\d+)*)?(?:\.exe)?")
_TRIPLE = re.compile(
    r"-(?:x86_64|aarch64|arm\w*|i[3-6]86|riscv\w*|powerpc\w*|s390x|loongarch\w*)-.*"
)
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCompiler:
    """A compiler that may be there. ``channel`` is rustup's name for it; ``""``: not rustup's."""

    rustc: Path
    cargo: Path
    channel: str = ""

    @property
    def label(self) -> str:
        """The channel without the host's name: ``stable``, ``nightly``, ``1.95.0``."""
        return _TRIPLE.sub("", self.channel)


def default_rust() -> Toolchain:
    """Return the compiler that a reader's ``cargo`` uses: PATH's, which may be rustup's default.

    Raises ``ToolchainMissing``, with what to install, if there is none that can be used.
    """
    if (name := shutil.which("rustc")) is None:
        found, broken = find_rusts()
        if found:
            return found[0]
        raise ToolchainMissing(_none_at_all(broken))
    rustc = Path(name)
    try:
        return probe_rust(_behind(rustc))
    except UnusableError as error:
        raise ToolchainMissing(f"{rustc}: no usable Rust: {error}") from None


def probe_rust(candidate: KnownCompiler) -> Toolchain:
    """Ask a compiler and its cargo what they are; raise ``UnusableError`` if one is not usable."""
    environment = tool_environment()
    version = read_rustc_answer(ask((str(candidate.rustc), "-vV"), environment))
    if not satisfies(version, f">={OLDEST}"):
        raise UnusableError(
            f"rustc {version} is too old: {OLDEST} is the first with scoped threads; "
            "get a newer one with `rustup update stable`"
        )
    if not candidate.cargo.exists():
        raise UnusableError(
            f"there is no cargo beside it ({candidate.cargo}); "
            f"install cargo (Debian: apt install cargo; else {INSTALL_PAGE})"
        )
    return _toolchain(candidate, version, _probe_cargo(candidate.cargo))


def _probe_cargo(cargo: Path) -> str:
    """The version of a cargo; raises UnusableError that names it as the one at fault."""
    try:
        version = read_cargo_answer(ask((str(cargo), "-V"), tool_environment()))
    except UnusableError as error:
        raise UnusableError(f"its cargo ({cargo}) is broken: {error}") from None
    if not satisfies(version, f">={OLDEST}"):
        raise UnusableError(
            f"its cargo ({cargo}) is {version}; {OLDEST} or newer is needed: "
            "get one with `rustup update stable`"
        )
    return version


def find_rust(request: str) -> Toolchain:
    """Return the compiler that ``request`` means.

    A request is one of rustup's names (``stable``, ``nightly-2025-01-01``,
    ``1.95.0``), a version (``1.63``), the path of a rustc with its cargo
    beside it or of their directory, or both paths joined: ``RUSTC+CARGO``.
    Raises ``ToolchainMissing``.
    """
    if os.sep in request:
        return _probe_path(request)
    if not request:
        raise ToolchainMissing("no Rust is named ''; expected such as stable, 1.63, or a path")
    for candidate in _of_rustup():
        if request in (candidate.channel, candidate.label):
            return _probe_named(candidate, request)
    found, broken = _survey(candidates())
    if _VERSION.fullmatch(request):
        fitting = [t for t in found if satisfies(t.version, f"=={request}")]
        if fitting:
            return max(fitting, key=lambda toolchain: numbers(toolchain.version))
    raise ToolchainMissing(_missing(request, found, broken))


def find_rusts() -> tuple[tuple[Toolchain, ...], tuple[BrokenToolchain, ...]]:
    """Return the usable compilers of this machine, one for each label, and what is broken.

    rustup's come first, its default before the others.
    """
    found, broken = _survey(candidates())
    by_label: dict[str, Toolchain] = {}
    for toolchain in found:
        by_label.setdefault(toolchain.label, toolchain)
    return tuple(by_label.values()), broken


def candidates() -> tuple[KnownCompiler, ...]:
    """Return the compilers that rustup lists and that PATH has, each once."""
    found: dict[Path, KnownCompiler] = {}
    for candidate in (*_of_rustup(), *_on_path()):
        # By where links lead: /usr/bin/rustc is often one to rustc-1.63.
        found.setdefault(candidate.rustc.resolve(), candidate)
    return tuple(found.values())


def _of_rustup() -> Iterator[KnownCompiler]:
    """What rustup lists, in its order; nothing where it is not there, or does not answer."""
    rustup = shutil.which("rustup")
    if rustup is None:
        return
    try:
        names = read_rustup_list(ask((rustup, "toolchain", "list"), tool_environment()))
    except UnusableError:
        return
    for name in names:
        yield _in_sysroot(_rustup_toolchains() / name)


def _on_path() -> Iterator[KnownCompiler]:
    """Yield PATH's compilers; rustup's own commands there stand for what it lists."""
    for name in os.get_exec_path():
        place = Path(name)
        if not place.is_absolute() or not place.is_dir() or _is_rustups(place):
            continue
        for rustc in sorted(place.glob("rustc*")):
            if found := _COMMAND.fullmatch(rustc.name):
                suffix = found["suffix"] or ""
                yield KnownCompiler(rustc=rustc, cargo=place / f"cargo{suffix}{EXECUTABLE_SUFFIX}")


def _is_rustups(directory: Path) -> bool:
    """Whether the commands of a directory are rustup's proxies."""
    return (directory / f"rustup{EXECUTABLE_SUFFIX}").exists()


def _rustup_toolchains() -> Path:
    """Where rustup keeps what it has installed."""
    return Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup") / "toolchains"


def _in_sysroot(sysroot: Path) -> KnownCompiler:
    """Return the compiler of an installation; it is rustup's if it lies among rustup's."""
    bin_directory = sysroot / "bin"
    return KnownCompiler(
        rustc=bin_directory / f"rustc{EXECUTABLE_SUFFIX}",
        cargo=bin_directory / f"cargo{EXECUTABLE_SUFFIX}",
        channel=sysroot.name if sysroot.parent == _rustup_toolchains() else "",
    )


def _behind(rustc: Path) -> KnownCompiler:
    """Return the compiler that a command on PATH starts: rustup's commands start another."""
    if not _is_rustups(rustc.parent):
        return KnownCompiler(rustc=rustc, cargo=rustc.with_name(f"cargo{EXECUTABLE_SUFFIX}"))
    # What is on PATH is rustup's proxy, which looks at the directory, the environment and its
    # settings each time. The compiler behind it does not change.
    sysroot = ask((str(rustc), "--print", "sysroot"), tool_environment()).strip()
    return _in_sysroot(Path(sysroot))


def _probe_path(request: str) -> Toolchain:
    """The compiler at a path, or in a directory; raises ToolchainMissing."""
    rustc_text, _, cargo_text = request.partition("+")
    rustc = Path(rustc_text).expanduser().absolute()
    if rustc.is_dir():
        rustc = next((d for d in (rustc / "bin", rustc) if d.is_dir()), rustc) / "rustc"
    cargo = Path(cargo_text).absolute() if cargo_text else rustc.with_name("cargo")
    try:
        return probe_rust(KnownCompiler(rustc=rustc, cargo=cargo))
    except UnusableError as error:
        raise ToolchainMissing(f"{rustc}: no usable Rust: {error}") from None


def _probe_named(candidate: KnownCompiler, request: str) -> Toolchain:
    """A compiler that rustup lists; raises ToolchainMissing that says how to mend it."""
    try:
        return probe_rust(candidate)
    except UnusableError as error:
        raise ToolchainMissing(
            f"{request}: {error}; mend it with `rustup toolchain install {request} --force`"
        ) from None


def _survey(
    known: Iterable[KnownCompiler],
) -> tuple[tuple[Toolchain, ...], tuple[BrokenToolchain, ...]]:
    """Ask these compilers, several at once: what answers, and what is broken."""
    answers = in_parallel(_try_probe, known, jobs=allowed_cores(), name="probe")
    found = tuple(answer for answer in answers if isinstance(answer, Toolchain))
    return found, tuple(answer for answer in answers if isinstance(answer, BrokenToolchain))


def _try_probe(candidate: KnownCompiler) -> Toolchain | BrokenToolchain:
    """What the compiler is, or why it cannot be used: one that is broken ends no search."""
    try:
        return probe_rust(candidate)
    except UnusableError as error:
        return BrokenToolchain(candidate.rustc, str(error))


def _toolchain(candidate: KnownCompiler, version: str, cargo_version: str) -> Toolchain:
    """What has answered, as a toolchain; one that is not rustup's is called by its version."""
    channel = candidate.channel
    return Toolchain(
        side=Side.RUST,
        label=candidate.label or version,
        version=version,
        program=candidate.rustc,
        cargo=candidate.cargo,
        cargo_version=cargo_version,
        cores=allowed_cores(),
        os=operating_system(),
        # Also where the compiler is started by its path: cargo starts ``rustc`` by name, and
        # must not come to rustup's default by that.
        environment={"RUSTUP_TOOLCHAIN": channel} if channel else {},
    )


def _missing(request: str, found: Iterable[Toolchain], broken: Iterable[BrokenToolchain]) -> str:
    """That no such compiler is here, which ones are, and how to get it."""
    there = [f"{t.label} ({t.version})" for t in found] + [str(b) for b in broken]
    return (
        f"no Rust {request} on this machine (found: {', '.join(there) or 'none'}); "
        f"get it with `rustup toolchain install {request}` (rustup: {INSTALL_PAGE}), "
        "or name the path of a rustc"
    )


def _none_at_all(broken: Iterable[BrokenToolchain]) -> str:
    """What to do where there is no compiler, and what there is that is none."""
    there = "; ".join(str(one) for one in broken) or "none"
    return (
        f"no Rust compiler on PATH or under rustup (found: {there}); "
        f"get one from {INSTALL_PAGE}, or with `apt install rustc cargo`"
    )
