"""Write a new pair into a corpus."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from harness.authoring.scaffold import templates
from harness.authoring.scaffold.workspace import with_member, without_member
from harness.language.declarations import BREAKS_FILE, SPEC_FILE
from harness.language.discovery import find_directories
from harness.values.errors import UsageError
from harness.values.program import Side

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 64

_NO_CRATE = frozenset({
    # words of Rust, which no crate can be called
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in",
    "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    # crates that are there already
    "alloc", "core", "proc-macro", "std", "test",
    # directories that cargo makes beside its programs, and names that Windows keeps for itself
    "build", "deps", "examples", "incremental", "src", "target", "aux", "con", "nul", "prn",
})  # fmt: skip

_NO_TOPIC = frozenset({"src", "target", "aux", "con", "nul", "prn"})
"""Directories in which no example is looked for, and names that Windows keeps for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffolded:
    """What was made: the example's directory, its files, and the workspace, if that was changed."""

    directory: Path
    files: tuple[Path, ...]
    workspace: Path | None


def scaffold(
    corpus: Path,
    topic: str,
    name: str,
    sides: Sequence[Side] = tuple(Side),
    *,
    has_breaks: bool = True,
) -> Scaffolded:
    """Write an example called ``name`` that verifies into ``corpus``, and add its crate.

    It is a pair, or one of the ``sides`` alone, with the variants that break it if it
    ``has_breaks``. Nothing is written unless all
    can be: raises UsageError for a name that is bad or taken, and for a
    workspace that cannot be added to. A corpus without a workspace is given
    one, if there is a crate.
    """
    _check_word("name", name, _NO_CRATE)
    _check_word("topic", topic, _NO_TOPIC)
    _check_free(corpus, corpus / topic / name)
    return place_example(corpus, topic, name, _contents(name, sides, has_breaks=has_breaks))


def place_example(corpus: Path, topic: str, name: str, contents: Mapping[str, str]) -> Scaffolded:
    """Write the files of an example, by their paths in it; the workspace learns of its crate.

    If there is no crate among them, it learns that there is none.
    """
    directory = corpus / topic / name
    files = {directory / path: text for path, text in contents.items()}
    workspace = corpus / "Cargo.toml"
    grown = _grown(workspace, topic, name, has_crate="Cargo.toml" in contents)
    write_new({**grown, **files})
    return Scaffolded(
        directory=directory, files=tuple(files), workspace=workspace if grown else None
    )


def _grown(workspace: Path, topic: str, name: str, *, has_crate: bool) -> dict[Path, str]:
    """The manifest of the workspace that knows the new example, if it has to change."""
    text = workspace.read_text(encoding="utf-8") if workspace.exists() else ""
    if has_crate:
        return {workspace: with_member(text or templates.WORKSPACE, workspace, topic, name)}
    changed = without_member(text, workspace, topic, name) if text else text
    return {workspace: changed} if changed != text else {}


def _check_word(what: str, word: str, taken: frozenset[str]) -> None:
    """Raises UsageError for a word that may not be a name here.

    It becomes a directory and a crate.
    """
    if not _NAME.fullmatch(word) or len(word) > _LONGEST:
        raise UsageError(
            f'"{word}" is no {what}; expected small letters, digits and hyphens, '
            f'such as "bounded-queue", and no more than {_LONGEST} of them'
        )
    if word in taken:
        raise UsageError(
            f'"{word}" cannot be a {what}: cargo, Rust or Windows has that word already'
        )


def is_taken_word(name: str) -> bool:
    """Whether no crate can be called so: cargo, Rust or Windows has that word already."""
    return name in _NO_CRATE


def _check_free(corpus: Path, directory: Path) -> None:
    """Raises UsageError if the corpus has an example of that name, in any topic.

    Names are unique.
    """
    for other in find_directories(corpus):
        if other.name == directory.name:
            raise UsageError(f'there is an example "{directory.name}" already: {other}')
    if directory.exists():
        raise UsageError(f"{directory}: is there already; name another, or remove it")


def _contents(name: str, sides: Sequence[Side], *, has_breaks: bool) -> dict[str, str]:
    """The files of a new pair by their paths; it verifies as it stands."""
    files = {SPEC_FILE: _spec(name, sides)}
    if has_breaks:
        files[BREAKS_FILE] = _breaks(sides)
    if Side.PYTHON in sides:
        files["main.py"] = templates.PYTHON
    if Side.RUST in sides:
        files["Cargo.toml"] = Template(templates.MANIFEST).substitute(name=name)
        files["src/main.rs"] = templates.RUST
    return files


def _spec(name: str, sides: Sequence[Side]) -> str:
    """What is true of the programs."""
    title = name.replace("-", " ").capitalize()
    compared = templates.COMPARED if len(sides) > 1 else ""
    return Template(templates.SPEC + compared).substitute(title=title)


def _breaks(sides: Sequence[Side]) -> str:
    """What must break it: two variants, of each side that there is."""
    variants = (
        (templates.EARLY, templates.PYTHON_EARLY, templates.RUST_EARLY),
        (templates.SHORT, templates.PYTHON_SHORT, templates.RUST_SHORT),
    )
    parts = (
        head + (python if Side.PYTHON in sides else "") + (rust if Side.RUST in sides else "")
        for head, python, rust in variants
    )
    compared = ', "same-text"' if len(sides) > 1 else ""
    return Template("".join(parts)).substitute(compared=compared)


def write_new(contents: Mapping[Path, str]) -> None:
    """Write the files, with their directories; raises UsageError for what cannot be written."""
    try:
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{error.filename}: cannot be written: {reason}") from None
