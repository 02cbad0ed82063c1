"""The texts of an example's programs, as every part of the harness reads them."""

from __future__ import annotations

from harness.language.declarations import Spec
from harness.values.program import Program


def text_of(spec: Spec, path: str) -> str:
    """The text of a file of an example; a mark at its beginning that only says "UTF-8" is none.

    A program may have another encoding, and say so: what is no UTF-8 of it is written out.
    """
    return (spec.directory / path).read_text(encoding="utf-8-sig", errors="backslashreplace")


def source_of(spec: Spec, program: Program) -> str:
    """The text of a program."""
    return text_of(spec, program.path)
