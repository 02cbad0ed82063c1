"""Where things apply: floors of versions, and the ``when`` of a property."""

from __future__ import annotations

import re

from harness.language.spec.files import Files
from harness.language.tables import Table
from harness.values.program import Condition
from harness.values.words import kind_of

DEFAULT_PYTHON_FLOOR = "3.9"
DEFAULT_RUST_FLOOR = "1.63"

_RUST_VERSION = re.compile(r'^rust-version\s*=\s*"([0-9.]+)"', re.MULTILINE)
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
    """The oldest Rust that the example is for, as its manifest says."""
    found = _RUST_VERSION.search(files.text("Cargo.toml") or "")
    return found[1] if found else DEFAULT_RUST_FLOOR


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
    text: str | None = table.text(key, None)
    if text is not None and not text.strip():
        table.fail(key, f'expected a name, such as "{such_as}", found an empty text')
    return text


def _parse_versions(table: Table, key: str) -> str | None:
    text: str | None = table.take(key, None)
    if text is None:
        return None
    if not isinstance(text, str) or not all(map(_CLAUSE.fullmatch, text.split(","))):
        table.fail(
            key, f'expected versions, such as ">=3.13" or ">=1.70,<1.80", found {kind_of(text)}'
        )
    return text
