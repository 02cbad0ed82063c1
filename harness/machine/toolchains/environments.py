"""Environments with packages: one for each interpreter and set of packages, made once.

They are made by uv where that is installed, else by ``venv`` and pip. The
network is needed once: what was made is found again by its name, which holds
a digest of all that went in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from harness.machine.process import UNLIMITED, Command, run_process, tool_environment
from harness.machine.toolchains.lean import (
    distinct_name,
    environment_at,
    python_in,
    run_venv,
)
from harness.values.program import Packages
from harness.values.run import Exited
from harness.values.toolchain import Toolchain

TIMEOUT_SECONDS = 600.0
LONGEST_REASON = 200
"""Characters of what an installer says that are told."""

_INSTALLED = """\
import json
from importlib.metadata import distributions
print(json.dumps({each.metadata["Name"]: each.version for each in distributions()}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """An environment that could not be made, and what the installer said in a line."""

    reason: str


def environment_with(packages: Packages, toolchain: Toolchain, place: Path) -> Path | Unavailable:
    """The interpreter of an environment that has ``packages``, made below ``place``.

    Nothing else is installed than what they ask for; versions are those of the pins.
    """
    home = place / f"{distinct_name(toolchain)}-{_digest(packages)}"
    said = ["there is no room for an environment"]
    made = environment_at(home, lambda draft: _install(packages, toolchain, draft, said))
    return made or Unavailable(reason=said[-1])


def environment_importing(
    library: Path, base: Path, toolchain: Toolchain, place: Path
) -> Path | Unavailable:
    """The interpreter of an environment that has what ``base`` has, and the module ``library``.

    It is a link: what is built anew is imported anew.
    """
    digest = blake2b(f"{library}\0{base}".encode(), digest_size=6).hexdigest()
    home = place / f"{distinct_name(toolchain)}-{digest}"
    made = environment_at(home, lambda draft: _link_module(library, base, toolchain, draft))
    return made or Unavailable(reason="there is no room for an environment")


def _link_module(library: Path, base: Path, toolchain: Toolchain, draft: Path) -> bool:
    """Make an environment there, with the library under the name by which it is imported."""
    if not run_venv(toolchain, draft):
        return False
    (packages,) = _packages_of(draft)
    name = library.stem.removeprefix("lib")
    ending = ".pyd" if library.suffix == ".dll" else ".so"
    (packages / f"{name}{ending}").symlink_to(library)
    others = "".join(f"{each}\n" for each in _packages_of(base.parent.parent))
    (packages / "others.pth").write_text(others, encoding="utf-8")
    return True


def _packages_of(home: Path) -> list[Path]:
    """Where an environment keeps its packages."""
    return [*home.glob("lib/py*/site-packages"), *home.glob("Lib/site-packages")]


def installed_in(python: Path) -> Mapping[str, str]:
    """What an environment has, by name: the exact version. Raises ``ValueError`` if it is mute."""
    command = _command((str(python), "-I", "-c", _INSTALLED), python.parent)
    found = json.loads(run_process(command).stdout)
    return {str(name): str(version) for name, version in found.items()}


def _digest(packages: Packages) -> str:
    text = json.dumps([packages.wanted, packages.pins])
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _install(packages: Packages, toolchain: Toolchain, draft: Path, said: list[str]) -> bool:
    """Make an environment there and put the packages into it; ``said`` gets why not."""
    wanted, pins = draft / "requires.txt", draft / "pins.txt"
    for file, lines in ((wanted, packages.wanted), (pins, packages.pins)):
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for argv in _steps(toolchain, draft, wanted, pins):
        completed = run_process(_command(argv, draft))
        if completed.ending != Exited(0):
            said.append(_reason(completed.stderr or completed.stdout))
            return False
    return True


def _steps(
    toolchain: Toolchain, draft: Path, wanted: Path, pins: Path
) -> Iterator[tuple[str, ...]]:
    """The commands that make an environment: by uv where it is there, else by venv and pip."""
    program, python = str(toolchain.program), str(python_in(draft))
    files = ("-r", str(wanted), "-c", str(pins))
    if uv := shutil.which("uv"):
        yield (uv, "venv", "--quiet", "--no-config", "--allow-existing", "--python", program,
               str(draft))  # fmt: skip
        yield (uv, "pip", "install", "--quiet", "--no-config", "--python", python, *files)
    else:
        yield (program, "-I", "-m", "venv", str(draft))
        yield (python, "-I", "-m", "pip", "install", "--quiet", "--no-input", "--retries", "1",
               "--disable-pip-version-check", *files)  # fmt: skip


def _command(argv: tuple[str, ...], cwd: Path) -> Command:
    return Command(
        argv=argv,
        cwd=cwd,
        environment=tool_environment(),
        timeout_seconds=TIMEOUT_SECONDS,
        limits=UNLIMITED,
    )


def _reason(output: bytes) -> str:
    """What pip or uv fails for: its first error, since what follows that tells where to read on."""
    lines = output.decode(errors="replace").strip().splitlines() or ["nothing was said"]
    errors = [line for line in lines if line.lstrip().lower().startswith("error")]
    return [*errors, lines[-1]][0].strip()[:LONGEST_REASON]
