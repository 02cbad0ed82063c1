"""Write a new pair into a corpus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from harness.discovery import find_directories
from harness.errors import UsageError
from harness.scaffold import templates
from harness.scaffold.workspace import with_member

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 64

_TAKEN = frozenset({
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffolded:
    """What was made: the example's directory, its files, and the workspace that it is in."""

    directory: Path
    files: tuple[Path, ...]
    workspace: Path


def scaffold(corpus: Path, topic: str, name: str) -> Scaffolded:
    """Write a pair called ``name`` that verifies into ``corpus``, and add its crate.

    Nothing is written unless all can be: raises UsageError for a name that
    is bad or taken, and for a workspace that cannot be added to. A corpus
    without a workspace is given one.
    """
    _check_word("name", name)
    _check_word("topic", topic)
    directory = corpus / topic / name
    _check_free(corpus, directory)
    workspace = corpus / "Cargo.toml"
    text = workspace.read_text(encoding="utf-8") if workspace.exists() else templates.WORKSPACE
    contents = {workspace: with_member(text, workspace, topic, name)}
    contents |= {directory / path: text for path, text in _contents(topic, name).items()}
    _write(contents)
    files = tuple(path for path in contents if path != workspace)
    return Scaffolded(directory=directory, files=files, workspace=workspace)


def _check_word(what: str, word: str) -> None:
    if not _NAME.fullmatch(word) or len(word) > _LONGEST:
        raise UsageError(
            f'"{word}" is no {what}; expected small letters, digits and hyphens, '
            f'such as "bounded-queue", and no more than {_LONGEST} of them'
        )
    if word in _TAKEN:
        raise UsageError(f'"{word}" cannot be a {what}: cargo or Rust has that word already')


def _check_free(corpus: Path, directory: Path) -> None:
    for other in find_directories(corpus):
        if other.name == directory.name:
            raise UsageError(f'there is an example "{directory.name}" already: {other}')
    if directory.exists():
        raise UsageError(f"{directory}: is there already; name another, or remove it")


def _contents(topic: str, name: str) -> dict[str, str]:
    title = name.replace("-", " ").capitalize()
    spec = Template(templates.SPEC).substitute(name=name, topic=topic, title=title)
    return {
        "example.toml": spec,
        "main.py": templates.PYTHON,
        "Cargo.toml": Template(templates.MANIFEST).substitute(name=name),
        "src/main.rs": templates.RUST,
    }


def _write(contents: dict[Path, str]) -> None:
    try:
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{error.filename}: cannot be written: {reason}") from None
