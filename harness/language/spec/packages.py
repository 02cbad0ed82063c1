"""What Python programs need that is not in the standard library, and how a corpus pins it.

``requires`` in a spec names packages as PEP 508 does; ``requirements.lock``
beside ``corpus.toml`` pins these, and all that they need, in lines such as
``trio==0.27.0`` or ``trio==0.27.0; python_version == "3.9"``.

A crate made with PyO3 whose library is a ``cdylib`` is a module of its own for them: nothing has
to be said of that one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from harness.language.spec.files import Files
from harness.language.spec.reading import read_source
from harness.language.tables import Table
from harness.values.errors import SpecError
from harness.values.program import Packages

if TYPE_CHECKING:
    from packaging.requirements import Requirement

LOCK_FILE = "requirements.lock"


def parse_packages(table: Table, corpus: Path, files: Files) -> Packages:
    """What ``requires`` of a spec asks for, with the pins of its corpus; raises SpecError."""
    wanted = table.texts("requires", ())
    for each in wanted:
        if requirement_of(each) is None:
            table.fail(
                "requires", f'expected packages such as "trio" or "trio>=0.27", found "{each}"'
            )
    return Packages(
        wanted=wanted,
        pins=read_pins(corpus) if wanted else (),
        extension=str(files.directory.absolute()) if _is_extension(files) else "",
    )


def _is_extension(files: Files) -> bool:
    """Whether the crate's library is a module of Python. What is no TOML is cargo's to tell."""
    text = files.text("Cargo.toml") or ""
    if "pyo3" not in text:
        return False
    try:
        manifest = tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    dependencies, library = manifest.get("dependencies"), manifest.get("lib")
    return (
        isinstance(dependencies, Mapping)
        and "pyo3" in dependencies
        and isinstance(library, Mapping)
        and "cdylib" in str(library.get("crate-type"))
    )


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
    requirement = requirement_of(line)
    if requirement is None or [each.operator for each in requirement.specifier] != ["=="]:
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
    """The name of a package in what was read here, as all spellings of it are compared."""
    from packaging.utils import canonicalize_name  # noqa: PLC0415 - as below

    read = requirement_of(requirement)
    return canonicalize_name(read.name if read else requirement)


def requirement_of(text: str) -> Requirement | None:
    """What a text asks for; ``None`` if it is no requirement."""
    # Here, since hardly any spec asks for packages, and each command reads specs.
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415

    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
