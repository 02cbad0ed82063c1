"""Find the examples of a corpus, and select among them: by their paths, before any is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from harness.errors import NothingSelected, SpecError, UsageError
from harness.model import Spec
from harness.spec import SPEC_FILE, load_spec
from harness.tables import nearest

DEFAULT_CORPUS = Path("examples")
_NEVER_ENTERED = frozenset({"target", "src", "__pycache__", "node_modules"})


def find_directories(corpus: Path) -> Iterator[Path]:
    """The directories below ``corpus`` (or itself) that hold a spec, sorted; no hidden ones."""
    for directory, inner, files in os.walk(corpus.absolute()):
        if SPEC_FILE in files:
            inner.clear()
            yield Path(directory)
        inner[:] = sorted(
            name for name in inner if name not in _NEVER_ENTERED and not name.startswith(".")
        )


def find_examples(corpora: Iterable[Path]) -> tuple[Path, ...]:
    """The directories of all examples of the corpora.

    Raises UsageError for a corpus that is not there, and SpecError where two
    examples have one name.
    """
    found: dict[str, Path] = {}
    for corpus in corpora:
        if not corpus.is_dir():
            raise UsageError(
                f"{corpus}: expected a directory of examples, found none; "
                "run this where the corpus is, or name one"
            )
        for directory in find_directories(corpus):
            enlist(directory, found)
    return tuple(found.values())


def enlist(directory: Path, known: dict[str, Path]) -> None:
    """Add an example to those that are known by their names.

    Raises SpecError if another one of its name is among them.
    """
    first = known.setdefault(directory.name, directory)
    if first != directory:
        raise SpecError(f'{directory}: a second example named "{first.name}"; the first is {first}')


def load_all(directories: Iterable[Path]) -> tuple[Spec, ...]:
    """The specs of the directories in reading order; raises SpecError that names every fault."""
    specs: list[Spec] = []
    faults: list[str] = []
    for directory in directories:
        try:
            specs.append(load_spec(directory))
        except SpecError as error:
            faults.append(str(error))
    if faults:
        raise SpecError("\n".join(faults))
    return tuple(sorted(specs, key=lambda spec: (spec.order, spec.id)))


def split_selection(words: Sequence[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Which of the words on a command line are corpora (directories), and which select.

    A directory counts as one only if a spec lies below it; where none is
    named, the corpus is ``examples``.
    """
    corpora = tuple(Path(word) for word in words if _is_corpus(Path(word)))
    rest = tuple(word for word in words if Path(word) not in corpora)
    return corpora or (DEFAULT_CORPUS,), rest


def _is_corpus(path: Path) -> bool:
    return path.is_dir() and any(find_directories(path))


def select(directories: Sequence[Path], words: Sequence[str]) -> tuple[Path, ...]:
    """The examples that any of ``words`` means: a name, ``topic/name``, a topic, or a glob.

    All, if there are no words. Raises NothingSelected for a word that means none.
    """
    if not words:
        if not directories:
            raise NothingSelected("no examples here: expected <topic>/<name>/example.toml")
        return tuple(directories)
    chosen: set[Path] = set()
    for word in words:
        found = {path for path in directories if _is_meant(path, word.rstrip("/"))}
        if not found:
            raise NothingSelected(_none_means(directories, word))
        chosen |= found
    return tuple(path for path in directories if path in chosen)


def _names_of(directory: Path) -> tuple[str, str, str]:
    topic = directory.parent.name
    return directory.name, f"{topic}/{directory.name}", topic


def _is_meant(directory: Path, word: str) -> bool:
    return any(fnmatchcase(name, word) for name in _names_of(directory))


def _none_means(directories: Iterable[Path], word: str) -> str:
    names = dict.fromkeys(name for directory in directories for name in _names_of(directory))
    return f'no example is called "{word}"{nearest(word, names)}; see "harness list"'


def select_one(directories: Sequence[Path], word: str) -> Path:
    """The one example that ``word`` means; raises if there is none, or more than one."""
    found = select(directories, (word,))
    if len(found) > 1:
        ids = ", ".join(_names_of(path)[1] for path in found)
        raise UsageError(f'"{word}" means {len(found)} examples: {ids}; name one')
    return found[0]
