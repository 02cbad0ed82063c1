"""Pinning the packages that a corpus needs: what an installer takes now, written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from harness.language.spec.packages import LOCK_FILE, name_of, read_pins
from harness.machine.toolchains.environments import Unavailable, environment_with, installed_in
from harness.values.errors import ToolchainMissing
from harness.values.program import Packages
from harness.values.toolchain import Toolchain

HEADER = "# The versions that the Python programs of this corpus are run with: `harness lock`.\n"
_INSTALLERS = frozenset({"pip", "setuptools", "wheel"})
"""What an environment may have of itself."""


@dataclass(slots=True)
class Lock:
    """The pins of a corpus: for each package its version by Python, such as ``3.11``."""

    versions: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, python: str, installed: Mapping[str, str]) -> None:
        """Take what was installed for one Python; what was there for it before is gone."""
        for pins in self.versions.values():
            pins.pop(python, None)
        for name, version in installed.items():
            self.versions.setdefault(name, {})[python] = version

    def lines(self) -> Iterator[str]:
        """The pins as they are written: with a marker only where Pythons differ."""
        for name, pins in sorted(self.versions.items()):
            if len(set(pins.values())) == 1:
                yield f"{name}=={next(iter(pins.values()))}"
                continue
            for python, version in sorted(pins.items(), key=_by_numbers):
                yield f'{name}=={version}; python_version == "{python}"'


def _by_numbers(item: tuple[str, str]) -> list[int]:
    return [int(part) for part in item[0].split(".")]


def make_lock(
    corpus: Path,
    wanted: Sequence[tuple[Toolchain, Sequence[str]]],
    place: Path,
    *,
    upgrade: bool,
) -> tuple[str, ...]:
    """The pins of all that is ``wanted`` with each interpreter, written into the corpus's lock.

    What is pinned stays, unless it is to ``upgrade``. Environments are made below ``place``.
    Raises ToolchainMissing if there is one that cannot be made.
    """
    before = read_pins(corpus)
    lock = _kept(before, {_python_of(toolchain) for toolchain, _ in wanted})
    for toolchain, requirements in wanted:
        if requirements:
            pins = () if upgrade else before
            packages = Packages(wanted=tuple(requirements), pins=pins)
            lock.add(_python_of(toolchain), _taken(packages, toolchain, place))
    pins = tuple(lock.lines())
    text = HEADER + "".join(f"{pin}\n" for pin in pins)
    (corpus / LOCK_FILE).write_text(text, encoding="utf-8")
    return pins


def _kept(pins: Iterable[str], tried: set[str]) -> Lock:
    """The pins for Pythons that are not tried now."""
    lock = Lock()
    for pin in map(Requirement, pins):
        python = str(pin.marker or "").partition('"')[2].rstrip('"')
        if python and python not in tried:
            version = next(iter(pin.specifier)).version
            lock.versions.setdefault(name_of(str(pin)), {})[python] = version
    return lock


def _taken(packages: Packages, toolchain: Toolchain, place: Path) -> Mapping[str, str]:
    """What an installer takes for these packages, without what it needs for itself."""
    python = environment_with(packages, toolchain, place)
    if isinstance(python, Unavailable):
        names = ", ".join(packages.wanted)
        raise ToolchainMissing(f"{toolchain.title}: {names} cannot be had: {python.reason}")
    asked = set(map(name_of, packages.wanted))
    found = {name_of(name): version for name, version in installed_in(python).items()}
    return {
        name: version for name, version in found.items() if name in asked or name not in _INSTALLERS
    }


def _python_of(toolchain: Toolchain) -> str:
    """``3.11``, as the marker ``python_version`` has it."""
    return ".".join(toolchain.version.split(".")[:2])


def changes(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """What is different, a line a pin: ``trio==0.26.0 → trio==0.27.0``."""
    olds, news = _by_place(before), _by_place(after)
    for key in sorted(olds.keys() | news.keys()):
        old, new = olds.get(key, "nothing"), news.get(key, "nothing")
        if old != new:
            yield f"{old} → {new}"


def _by_place(pins: Iterable[str]) -> dict[tuple[str, str], str]:
    return {(name_of(pin), pin.partition(";")[2].strip()): pin for pin in pins}
