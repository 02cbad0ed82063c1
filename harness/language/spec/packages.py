"""What Python programs need that is not in the standard library, and how a corpus pins it.

``requires`` in a spec names packages as PEP 508 does; ``requirements.lock``
beside ``corpus.toml`` pins these, and all that they need, in lines such as
``trio==0.27.0`` or ``trio==0.27.0; python_version == "3.9"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from harness.language.spec.reading import read_source
from harness.language.tables import Table
from harness.values.errors import SpecError
from harness.values.program import Packages

LOCK_FILE = "requirements.lock"


def parse_packages(table: Table, corpus: Path) -> Packages:
    """What ``requires`` of a spec asks for, with the pins of its corpus; raises SpecError."""
    wanted = table.texts("requires", ())
    for each in wanted:
        try:
            Requirement(each)
        except InvalidRequirement:
            table.fail(
                "requires", f'expected packages such as "trio" or "trio>=0.27", found "{each}"'
            )
    return Packages(wanted=wanted, pins=read_pins(corpus)) if wanted else Packages()


def read_pins(corpus: Path) -> tuple[str, ...]:
    """The pins of a corpus, in the order of its lock; none where it has no lock.

    Raises SpecError for a line that pins nothing.
    """
    path = corpus / LOCK_FILE
    if not path.exists():
        return ()
    lines = enumerate(read_source(path, "the pins of a corpus").text.split("\n"), 1)
    return tuple(_read_pin(path, number, line.strip()) for number, line in lines if _says(line))


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _read_pin(path: Path, number: int, line: str) -> str:
    """A line that pins one version: it is handed on as it stands."""
    try:
        operators = [each.operator for each in Requirement(line).specifier]
    except InvalidRequirement:
        operators = []
    if operators != ["=="]:
        raise SpecError(
            f'{path}:{number}: expected a pin such as "trio==0.27.0", found "{line}"; '
            '"harness lock" writes this file'
        )
    return line


def unpinned(packages: Packages) -> Iterator[str]:
    """The names of the packages that are asked for, and that no pin names."""
    pinned = {name_of(pin) for pin in packages.pins}
    for wanted in packages.wanted:
        if (name := name_of(wanted)) not in pinned:
            yield name


def name_of(requirement: str) -> str:
    """The name of a package, as all spellings of it are compared."""
    return canonicalize_name(Requirement(requirement).name)
