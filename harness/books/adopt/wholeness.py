"""Make a fragment of a program whole: what a reader of the book has to add by himself. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent, indent

from harness.language.python_syntax import parsed
from harness.proof.mutants.rust_tokens import TokenKind, tokens_of
from harness.values.program import Side

_TRIES = 8
"""Bodies at most that are put into a Python fragment."""

_PYTHON_NAMES = {
    **dict.fromkeys(
        ("Thread", "Lock", "RLock", "Event", "Condition", "Semaphore", "Barrier", "Timer"),
        "from threading import {}",
    ),
    **dict.fromkeys(("sleep", "perf_counter"), "from time import {}"),
    **dict.fromkeys(("Queue", "SimpleQueue"), "from queue import {}"),
    **dict.fromkeys(("ThreadPoolExecutor",), "from concurrent.futures import {}"),
    **dict.fromkeys(("threading", "time", "queue", "asyncio", "random"), "import {}"),
}
_RUST_NAMES = {
    "thread": "std::thread", "mpsc": "std::sync::mpsc", "Duration": "std::time::Duration",
    "Instant": "std::time::Instant", "HashMap": "std::collections::HashMap",
    **{name: f"std::sync::{name}"
       for name in ("Arc", "Mutex", "RwLock", "Condvar", "Barrier", "Once", "OnceLock")},
}  # fmt: skip
_CLOSERS = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A program, and a note on each thing that was added to it."""

    text: str
    notes: tuple[str, ...] = ()


def made_whole(side: Side, fragment: str) -> Whole:
    """The program of a chapter with what it lacks, as far as that can be known."""
    return _python(fragment) if side is Side.PYTHON else _rust(fragment)


# --- Python ----------------------------------------------------------------------------


def _python(fragment: str) -> Whole:
    """The fragment with bodies where it lacks them, and imports of what it names only."""
    text, notes = _with_bodies(dedent(fragment).strip("\n") + "\n")
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError):
        return Whole(text, (*notes, "Python cannot read it"))
    lacking = list(dict.fromkeys(_unbound(tree)))
    imports = sorted((_PYTHON_NAMES[name].format(name) for name in lacking), key=_as_sorted)
    if imports:
        text = "\n".join(imports) + "\n\n" + text
        notes += tuple(f"added: {line}" for line in imports)
    return Whole(text, notes)


def _with_bodies(text: str) -> tuple[str, tuple[str, ...]]:
    """The fragment with ``pass`` where a block has lost its body."""
    notes: list[str] = []
    for _ in range(_TRIES):
        try:
            parsed(text)
        except SyntaxError as error:
            found = re.search(r"expected an indented block after .* on line (\d+)", str(error))
            if not found:
                break
            number = int(found[1])
            lines = text.split("\n")
            head = lines[number - 1]
            depth = len(head) - len(head.lstrip()) + 4
            lines.insert(number, " " * depth + "pass")
            text = "\n".join(lines)
            notes.append(f'added: pass, as the body of "{head.strip()}"')
        except ValueError:
            break
        else:
            break
    return text, tuple(notes)


def _unbound(tree: ast.Module) -> Iterator[str]:
    """Well-known names that the program uses and nobody binds."""
    bound = {name for node in ast.walk(tree) for name in _bound_by(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _PYTHON_NAMES and node.id not in bound:
            yield node.id


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that a node binds."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]


def _as_sorted(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


# --- Rust ------------------------------------------------------------------------------


def _rust(fragment: str) -> Whole:
    """The fragment with brackets closed, a ``main`` around it, and ``use`` of what it names."""
    text = _unhidden(dedent(fragment).strip("\n")) + "\n"
    notes: tuple[str, ...] = ()
    if closers := _missing_closers(text):
        text += "\n".join(closers) + "\n"
        notes += (f"added: {len(closers)} closing brackets at the end",)
    words = [token.text for token in tokens_of(text) if token.kind is not TokenKind.SPACE]
    if ("fn", "main") not in set(pairwise(words)):
        text = _in_main(text)
        notes += ("added: fn main() around it",)
    lacking = list(_lacking(words))
    if lacking:
        text = "".join(f"use {path};\n" for path in lacking) + "\n" + text
        notes += tuple(f"added: use {path};" for path in lacking)
    return Whole(text, notes)


def _unhidden(text: str) -> str:
    """With the lines that mdBook and rustdoc hide from readers, which begin with ``# ``."""
    lines = text.split("\n")
    return "\n".join(re.sub(r"^(\s*)#(?:$| )", r"\1", line) for line in lines)


def _missing_closers(text: str) -> list[str]:
    """What closes the brackets that are open at the end, the innermost first."""
    waiting: list[str] = []
    for token in tokens_of(text):
        if token.kind is TokenKind.MARK:
            if token.text in _CLOSERS:
                waiting.append(_CLOSERS[token.text])
            elif waiting and token.text == waiting[-1]:
                waiting.pop()
    return _joined(waiting[::-1])


def _joined(closers: list[str]) -> list[str]:
    """One line for a block with the call that it is given to: ``});``."""
    lines: list[str] = []
    for closer in closers:
        if closer == ")" and lines and lines[-1] == "}":
            lines[-1] = "});"
        else:
            lines.append(closer)
    return lines


def _in_main(text: str) -> str:
    """The text in a ``main``, below its own ``use``."""
    lines = text.strip("\n").split("\n")
    uses = [line for line in lines if re.match(r"use [\w:]", line)]
    body = "\n".join(line for line in lines if line not in uses).strip("\n")
    head = "\n".join(uses) + "\n\n" if uses else ""
    return f"{head}fn main() {{\n{indent(body, '    ')}\n}}\n"


def _lacking(words: list[str]) -> Iterator[str]:
    """Paths of the library that the program uses by their last names, and does not bring in."""
    used = _in_uses(words)
    for name, path in _RUST_NAMES.items():
        places = [n for n, word in enumerate(words) if word == name]
        is_bare = any(
            (n == 0 or words[n - 1] not in ("::", "struct", "enum", "mod", "let", "."))
            and (not name.islower() or words[n + 1 : n + 2] == ["::"])
            for n in places
        )
        if is_bare and name not in used:
            yield path


def _in_uses(words: list[str]) -> frozenset[str]:
    """All words within ``use`` declarations."""
    found: set[str] = set()
    is_inside = False
    for word in words:
        is_inside = (is_inside or word == "use") and word != ";"
        if is_inside:
            found.add(word)
    return frozenset(found)
