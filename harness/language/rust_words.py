"""What the sources of an example's crate say, comments and strings apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.language.declarations import Spec
from harness.language.sources import text_of

_NOISE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\bb?r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'""",
    re.DOTALL,
)
_UNSAFE = re.compile(r"\bunsafe\b")
_ASSEMBLER = re.compile(r"\basm!|\b(?:global|naked)_asm!")
_WEAK_ORDER = re.compile(r"\b(?:Relaxed|Acquire|Release|AcqRel)\b")


def says_unsafe(spec: Spec) -> bool:
    """Whether the crate has ``unsafe`` of its own: it may share what is not atomic."""
    return any(_UNSAFE.search(text) for text in _texts(spec))


def has_assembler(spec: Spec) -> bool:
    """Whether the crate has assembler of its own: nobody sees what that orders."""
    return any(_ASSEMBLER.search(text) for text in _texts(spec))


def names_weak_orders(spec: Spec) -> bool:
    """Whether the crate names an order of atomics that is weaker than ``SeqCst``."""
    return any(_WEAK_ORDER.search(text) for text in _texts(spec))


def _texts(spec: Spec) -> Iterator[str]:
    for path in sorted(spec.directory.rglob("*.rs")):
        yield _NOISE.sub(" ", text_of(spec, str(path.relative_to(spec.directory))))
