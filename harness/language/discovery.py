"""Find the examples of a corpus, and select among them: by their paths, before any is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from harness.language.corpus import Corpus, corpora_of, corpus_of
from harness.language.declarations import SPEC_FILE, Spec
from harness.language.home import default_corpora
from harness.language.spec import load_spec
from harness.values.errors import NothingSelected, SpecError, UsageError
from harness.values.program import Side
from harness.values.words import nearest

_NEVER_ENTERED = frozenset({"target", "src", "__pycache__", "node_modules"})


def find_directories(corpus: Path) -> Iterator[Path]:
    """The directories below ``corpus`` (or itself) that hold a spec, sorted; no hidden ones.

    One that cannot be looked into comes last: what is in it cannot be known, and is to be told.
    """
    closed: list[Path] = []

    def note(error: OSError) -> None:
        if isinstance(error, PermissionError):
            closed.append(Path(error.filename))

    for directory, inner, files in os.walk(Path(os.path.normpath(corpus.absolute())), onerror=note):
        if SPEC_FILE in files:
            # What lies below an example is its own, whatever its files are called.
            inner.clear()
            yield Path(directory)
        inner[:] = sorted(
            name for name in inner if name not in _NEVER_ENTERED and not name.startswith(".")
        )
    yield from sorted(closed)


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
                'run this where the corpus is, name one, or make one with "harness init"'
            )
        for directory in find_directories(corpus):
            enlist(directory, found)
    return tuple(found.values())


def enlist(directory: Path, known: dict[str, Path]) -> None:
    """Add an example to those that are known by their names.

    Raises SpecError if another one of its name is among them.
    """
    first = known.setdefault(directory.name, directory)
    # By the bare name, whatever the topic: it is what users type, and what crates are called.
    if first != directory:
        raise SpecError(f'{directory}: a second example named "{first.name}"; the first is {first}')


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecFault:
    """An example whose spec cannot be taken, and why; ``line`` is that of its ``file``, if any."""

    directory: Path
    message: str
    file: str = SPEC_FILE
    line: int = 0

    @property
    def example(self) -> str:
        """How a report names it: where it lies."""
        return f"{self.directory.parent.name}/{self.directory.name}"

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that it seems to have, by its files; both, if it seems to have none."""
        there = {
            Side.PYTHON: (self.directory / "main.py").exists(),
            Side.RUST: (self.directory / "Cargo.toml").exists(),
        }
        return tuple(side for side in Side if there[side]) or tuple(Side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The specs in reading order, and the faults of those that cannot be taken."""

    specs: tuple[Spec, ...]
    faults: tuple[SpecFault, ...] = ()


def load_each(directories: Iterable[Path]) -> Loaded:
    """The specs of the directories; a fault of one is no other's.

    Raises SpecError for what is wrong with the order of a corpus.
    """
    specs: list[Spec] = []
    faults: list[SpecFault] = []
    for directory in directories:
        try:
            specs.append(load_spec(directory))
        except SpecError as error:
            faults.append(
                SpecFault(
                    directory=directory,
                    message=str(error),
                    file=error.file or SPEC_FILE,
                    line=error.line,
                )
            )
    corpora = corpora_of(spec.directory for spec in specs)
    turns = {corpus: turn for turn, corpus in enumerate(corpora)}
    specs.sort(key=lambda spec: _place_of(spec, corpora, turns))
    return Loaded(specs=tuple(specs), faults=tuple(faults))


def _place_of(
    spec: Spec, corpora: Mapping[Path, Corpus], turns: Mapping[Path, int]
) -> tuple[int, tuple[int, str]]:
    """Corpus by corpus, and in each as it says."""
    corpus = corpus_of(spec.directory)
    return turns[corpus], corpora[corpus].place_of(spec.id)


def by_corpus(specs: Iterable[Spec]) -> tuple[tuple[Path, tuple[Spec, ...]], ...]:
    """The examples of each corpus, in the order in which corpora and examples come."""
    found: dict[Path, list[Spec]] = {}
    for spec in specs:
        found.setdefault(corpus_of(spec.directory), []).append(spec)
    return tuple((corpus, tuple(own)) for corpus, own in found.items())


def unlisted(specs: Iterable[Spec]) -> tuple[str, ...]:
    """Those that the ``corpus.toml`` of their corpus leaves out of its order."""
    specs = tuple(specs)
    corpora = corpora_of(spec.directory for spec in specs)
    return tuple(
        spec.id for spec in specs if corpora[corpus_of(spec.directory)].unlisted([spec.id])
    )


def load_all(directories: Iterable[Path]) -> tuple[Spec, ...]:
    """The specs of the directories in reading order; raises SpecError that names every fault."""
    loaded = load_each(directories)
    if loaded.faults:
        raise SpecError("\n".join(fault.message for fault in loaded.faults))
    return loaded.specs


def split_selection(words: Sequence[str]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Which of the words on a command line are corpora (directories), and which select.

    A directory counts as one only if a spec lies below it; where none is
    named, they are the corpus here or around here and what comes after it
    (``default_corpora``).
    """
    # A topic may be called as a directory here is, `site` say: only one with examples is a corpus.
    corpora = tuple(Path(word) for word in words if _is_corpus(Path(word)))
    rest = tuple(word for word in words if Path(word) not in corpora)
    return corpora or default_corpora(), rest


def _is_corpus(path: Path) -> bool:
    return path.is_dir() and any(find_directories(path))


def select(directories: Sequence[Path], words: Sequence[str]) -> tuple[Path, ...]:
    """The examples that any of ``words`` means: a name, ``topic/name``, a topic, or a glob.

    All, if there are no words. Raises NothingSelected for a word that means none.
    """
    if not words:
        if not directories:
            raise NothingSelected(
                "no examples here: expected <topic>/<name>/example.toml; "
                '"harness new TOPIC/NAME" writes one'
            )
        return tuple(directories)
    chosen: set[Path] = set()
    for word in words:
        found = {path for path in directories if _is_meant(path, word.rstrip("/"))}
        if not found:
            raise NothingSelected(_none_means(directories, word))
        chosen |= found
    return tuple(path for path in directories if path in chosen)


def _names_of(directory: Path) -> tuple[str, str, str]:
    """All that an example may be called by: its name, ``topic/name``, its topic."""
    topic = directory.parent.name
    return directory.name, f"{topic}/{directory.name}", topic


def _is_meant(directory: Path, word: str) -> bool:
    return any(fnmatchcase(name, word) for name in _names_of(directory))


def _none_means(directories: Iterable[Path], word: str) -> str:
    """That a word means no example, and what may have been meant."""
    names = dict.fromkeys(name for directory in directories for name in _names_of(directory))
    return f'no example is called "{word}"{nearest(word, names)}; see "harness list"'


def select_one(directories: Sequence[Path], word: str) -> Path:
    """The one example that ``word`` means; raises if there is none, or more than one."""
    found = select(directories, (word,))
    if len(found) > 1:
        ids = ", ".join(_names_of(path)[1] for path in found)
        raise UsageError(f'"{word}" means {len(found)} examples: {ids}; name one')
    return found[0]
