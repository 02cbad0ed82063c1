"""What a Rust program uses of the standard library, from its imports, paths and calls. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|b?r?"(?:\\.|[^"\\])*"|b?\'(?:\\.|[^\'\\])\'', re.DOTALL)
_USE = re.compile(r"\buse\s+([^;]+);")
_PATH = re.compile(r"(?<![\w:.])[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*")
_METHOD = re.compile(r"\.\s*([a-z_]\w*)\s*(?:::<[^>]*>)?\(")
_CONCURRENT = re.compile(
    r"catch_unwind|compare_exchange|fetch_(add|sub|update)|get_or_init|is_(finished|leader|poisoned)"
    r"|join|load|lock|notify_(all|one)|park(_timeout)?|read|(try_)?recv(_timeout)?|(try_)?send|spawn"
    r"|store|swap|try_lock|unpark|wait(_timeout|_while)?|write"
)
"""Methods that say what a program does with its threads; the others are about its data."""

_NOT_WORTH_LOOKING_UP = re.compile(
    r"std::(?:fmt|ops|iter|collections|cmp|mem|convert|hash|string|vec|num)\b|.*::self$"
)


def names_in_rust(source: str) -> frozenset[str]:
    """Full paths such as ``std::sync::Mutex`` and methods such as ``.lock()``."""
    code = _NOISE.sub(" ", source)
    imported = dict(pair for found in _USE.finditer(code) for pair in _leaves(found[1]))
    body = _USE.sub(" ", code)
    paths = (_full_path(found[0], imported) for found in _PATH.finditer(body))
    names = {path for path in paths if path and not _NOT_WORTH_LOOKING_UP.match(path)}
    methods = {f".{name}()" for name in _METHOD.findall(body) if _CONCURRENT.fullmatch(name)}
    return frozenset(names | methods)


def _full_path(path: str, imported: Mapping[str, str]) -> str:
    """The path from ``std`` on, a constructor standing for its type; empty for anything else."""
    head, separator, rest = path.partition("::")
    full = f"{imported[head]}{separator}{rest}" if head in imported else path
    is_module = full == imported.get(head) and full.rpartition("::")[2].islower() and not separator
    if is_module or not full.startswith(("std::", "core::", "alloc::")):
        return ""
    return full.removesuffix("::new")


def _leaves(tree: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The names that a ``use`` tree binds, each with its full path."""
    for part in _split(tree):
        head, brace, inner = part.partition("{")
        if brace:
            yield from _leaves(inner.rpartition("}")[0], prefix + head.strip())
            continue
        path, _, alias = part.partition(" as ")
        full = (prefix + path.strip()).removesuffix("::self")
        yield (alias.strip() or full.rpartition("::")[2]), full


def _split(tree: str) -> Iterator[str]:
    """The parts of a tree between the commas that stand outside of all braces."""
    depth, start = 0, 0
    for index, character in enumerate(tree):
        depth += (character == "{") - (character == "}")
        if character == "," and not depth:
            yield tree[start:index].strip()
            start = index + 1
    if rest := tree[start:].strip():
        yield rest
