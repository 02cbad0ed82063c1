"""Where things apply: floors of versions, and the ``when`` of a property."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from harness.language.spec.files import Files
from harness.language.tables import Table
from harness.values.program import Condition
from harness.values.words import kind_of

DEFAULT_PYTHON_FLOOR = "3.9"
DEFAULT_RUST_FLOOR = "1.63"

_RUST_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,2}", re.ASCII)
_FLOOR = re.compile(r">=\s*(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)")
_CLAUSE = re.compile(r"\s*(?:[<>]=?|==|!=)\s*\d{1,4}(?:\.\d{1,4})*\s*", re.ASCII)


def parse_python_floor(table: Table) -> str:
    """The oldest Python that the example is for."""
    text = table.text("python", f">={DEFAULT_PYTHON_FLOOR}")
    found = _FLOOR.fullmatch(text)
    if not found:
        table.fail("python", f'expected a floor, such as ">=3.9", found "{text}"')
    return found[1]


def rust_floor(files: Files) -> str:
    """The oldest Rust that the example is for, as its manifest says, or its workspace's for it."""
    text = files.text("Cargo.toml") or ""
    if "rust-version" not in text:
        return DEFAULT_RUST_FLOOR
    found = _in_table(_toml(text), "package", "rust-version")
    if isinstance(found, Mapping) and found.get("workspace") is True:
        found = _in_table(_workspace_of(files.directory), "package", "rust-version")
    is_version = isinstance(found, str) and _RUST_VERSION.fullmatch(found)
    return str(found) if is_version else DEFAULT_RUST_FLOOR


def _workspace_of(directory: Path) -> object:
    """The ``[workspace]`` that is nearest upwards."""
    for place in directory.absolute().parents:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            manifest = _toml((place / "Cargo.toml").read_text(encoding="utf-8"))
            if "workspace" in manifest:
                return manifest["workspace"]
    return {}


def _in_table(value: object, *keys: str) -> object:
    """What lies in tables within each other; ``None`` where one of them is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _toml(text: str) -> Mapping[str, object]:
    """A manifest; what is none is told where it is built."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def parse_condition(table: Table) -> Condition:
    """Where a property applies; what is not asked for is ``None``."""
    cores = table.integer("cores", None)
    if cores is not None and cores < 1:
        table.fail("cores", f"expected a number from 1 on, found {cores}")
    condition = Condition(
        gil=table.flag("gil", None),
        cores=cores,
        python=_parse_versions(table, "python"),
        rust=_parse_versions(table, "rust"),
        implementation=_parse_word(table, "implementation", "cpython"),
        os=_parse_word(table, "os", "linux"),
    )
    table.finish()
    return condition


def _parse_word(table: Table, key: str, such_as: str) -> str | None:
    """A text that says something, if the key is there."""
    text: str | None = table.text(key, None)
    if text is not None and not text.strip():
        table.fail(key, f'expected a name, such as "{such_as}", found an empty text')
    return text


def _parse_versions(table: Table, key: str) -> str | None:
    """Clauses such as ``>=3.13``, joined by commas, all of which have to be met."""
    text: str | None = table.take(key, None)
    if text is None:
        return None
    if not isinstance(text, str) or not all(map(_CLAUSE.fullmatch, text.split(","))):
        table.fail(
            key, f'expected versions, such as ">=3.13" or ">=1.70,<1.80", found {kind_of(text)}'
        )
    return text
