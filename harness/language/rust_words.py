"""What the sources of an example's crate say, comments and strings apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from harness.language.declarations import Spec
from harness.language.sources import text_of

_NOISE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\bb?r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'""",
    re.DOTALL,
)
_UNSAFE = re.compile(r"\bunsafe\b")
_ASSEMBLER = re.compile(r"\basm!|\b(?:global|naked)_asm!")
_UNTOLD = {
    "unsafe code": _UNSAFE,
    "text of another file": re.compile(r"\binclude!|#!?\s*\[[^\]]*\bpath\s*="),
    "symbols of its own": re.compile(r"\b(?:no_mangle|export_name|link_section)\b"),
    "addresses": re.compile(
        r"\bas\s+\*\s*(?:const|mut)\b|\bas_(?:mut_)?ptr\b|\baddr_of(?:_mut)?!|&raw\b|\.addr\(\)"
        r"|\bptr::(?:addr|from_mut|from_ref|hash)"
    ),
    "what a clock tells": re.compile(r"\b(?:Instant|SystemTime)\b"),
    "files that are open": re.compile(r"\bFile\b|\bOpenOptions\b"),
    "numbers of threads": re.compile(r"\bThreadId\b|\.\s*id\(\)"),
    "how many cores there are": re.compile(r"\bavailable_parallelism\b"),
}
"""What a crate may say by which runs differ, or share something, without a step that tells."""

_POINTER = re.compile(r"\{[^{}]*:[^{}]*p\}")
"""In a text that is formatted."""

_WEAK_ORDER = re.compile(r"\b(?:Relaxed|Acquire|Release|AcqRel)\b")


def says_unsafe(spec: Spec) -> bool:
    """Whether the crate has ``unsafe`` of its own: it may share what is not atomic."""
    return any(_UNSAFE.search(text) for text in _texts(spec))


def untold_words(spec: Spec) -> tuple[str, ...]:
    """What the crate says by which its runs may differ though their steps are the same."""
    texts = list(_texts(spec))
    found = {what for what, words in _UNTOLD.items() if any(map(words.search, texts))}
    sources = (text_of(spec, str(path.relative_to(spec.directory))) for path in _sources(spec))
    if any(map(_POINTER.search, sources)):
        found.add("addresses")
    return tuple(sorted(found))


def inputs(spec: Spec) -> Iterator[str]:
    """What the crate may go by that is the same in all controlled runs, and else is not.

    What random numbers are drawn the runtime tells.
    """
    kinds = {"what a clock tells": "clock", "addresses": "hashes"}
    return (kinds[words] for words in untold_words(spec) if words in kinds)


def has_assembler(spec: Spec) -> bool:
    """Whether the crate has assembler of its own: nobody sees what that orders."""
    return any(_ASSEMBLER.search(text) for text in _texts(spec))


def names_weak_orders(spec: Spec) -> bool:
    """Whether the crate names an order of atomics that is weaker than ``SeqCst``."""
    return any(_WEAK_ORDER.search(text) for text in _texts(spec))


def _sources(spec: Spec) -> list[Path]:
    return sorted(spec.directory.rglob("*.rs"))


def _texts(spec: Spec) -> Iterator[str]:
    for path in _sources(spec):
        yield _NOISE.sub(" ", text_of(spec, str(path.relative_to(spec.directory))))
