"""Every command line of cargo, and the environment that cargo runs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, tool_environment
from harness.machine.process.command import MEBIBYTE
from harness.machine.toolchains.pythons import own_program
from harness.machine.toolchains.versions import satisfies
from harness.values.errors import ToolchainMissing
from harness.values.toolchain import Toolchain

BUILD_TIMEOUT_SECONDS = 3600.0
QUIET_SECONDS = 600.0
"""Cargo tells of each target that is done: no other, and no build script, may take longer."""
LIMITS = replace(UNLIMITED, output_bytes=128 * MEBIBYTE)
REGISTRY_TIMEOUT_SECONDS = 20
KEEP_GOING_SINCE = ">=1.74"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFlags:
    """A way to compile programs other than a reader would.

    With a ``target`` triple the ``rustflags`` reach the programs only, not
    build scripts. Builds of different instrumentation belong into different
    target directories.
    """

    rustflags: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """With which compiler, whither, and in which way programs are built."""

    toolchain: Toolchain
    target_dir: Path
    instrumentation: BuildFlags | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoCall:
    """One call of cargo: what to build in which workspace."""

    root: Path
    packages: tuple[str, ...]
    bins: tuple[str, ...] = ()
    with_libraries: bool = False
    offline: bool = True


def build_command(setting: Setting, call: CargoCall) -> Command:
    """Return the command that builds what ``call`` says, as ``cargo build`` would.

    Raises ``ToolchainMissing`` if the toolchain has no cargo.
    """
    toolchain = setting.toolchain
    if toolchain.cargo is None:
        raise ToolchainMissing(
            f"{toolchain.program} has no cargo beside it; install cargo, or name both"
        )
    return Command(
        argv=(str(toolchain.cargo), *_arguments(setting, call)),
        cwd=call.root,
        environment=cargo_environment(toolchain, setting.instrumentation),
        timeout_seconds=BUILD_TIMEOUT_SECONDS,
        quiet_seconds=QUIET_SECONDS,
        limits=LIMITS,
    )


def can_keep_going(toolchain: Toolchain) -> bool:
    """Whether this cargo can build the rest when something does not compile."""
    return satisfies(toolchain.cargo_version or toolchain.version, KEEP_GOING_SINCE)


def _arguments(setting: Setting, call: CargoCall) -> tuple[str, ...]:
    """What follows ``cargo`` on its command line."""
    arguments = ["build", "--message-format=json", "--color=never"]
    arguments += ["--manifest-path", str(call.root / "Cargo.toml")]
    arguments += ["--target-dir", str(setting.target_dir)]
    arguments += [word for name in call.packages for word in ("--package", name)]
    arguments += [word for name in call.bins for word in ("--bin", name)]
    arguments += ["--lib"] * call.with_libraries
    arguments += ["--offline"] * call.offline
    arguments += ["--keep-going"] * can_keep_going(setting.toolchain)
    if setting.instrumentation is not None and setting.instrumentation.target is not None:
        arguments += ["--target", setting.instrumentation.target]
    return tuple(arguments)


def cargo_environment(
    toolchain: Toolchain, instrumentation: BuildFlags | None = None
) -> dict[str, str]:
    """Return the complete environment for cargo."""
    environment = tool_environment() | {
        "RUSTC": str(toolchain.program),
        # What is kept to build a crate again sooner takes as long to write as the build itself, and
        # crates are small: with it a first build costs nearly twice as much.
        "CARGO_INCREMENTAL": "0",
        "CARGO_NET_RETRY": "1",
        "CARGO_HTTP_TIMEOUT": str(REGISTRY_TIMEOUT_SECONDS),
        # What PyO3 asks, if a crate needs it: else whatever is the first on the caller's PATH.
        "PYO3_PYTHON": str(own_program()),
    }
    environment |= toolchain.environment
    if instrumentation is not None:
        environment |= instrumentation.environment
        if instrumentation.rustflags:
            environment["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join(instrumentation.rustflags)
    return environment
