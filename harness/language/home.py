"""Where the corpus lies that is meant where none is named, seen from where one stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.language.corpus import CORPUS_FILE, continuations, continued_by
from harness.values.errors import SpecError

DEFAULT_CORPUS = Path("examples")
STATE_DIRECTORY = Path(".harness")
"""Where builds and evidence are kept, seen from the root of a corpus (``state_root``)."""


@dataclass(frozen=True, slots=True)
class Home:
    """A corpus, and the directory in which ``.harness`` lies for it."""

    corpus: Path
    root: Path


def find_home(here: Path | None = None) -> Home | None:
    """The corpus here or around here; None if there is none.

    It is this directory, ``examples`` in it, or the one directory in it that has
    a ``corpus.toml``; else what is found in the same way further up, as far as
    the top of the repository. Outside of a repository only what lies around us
    counts: somebody's ``~/examples`` is no business of ``~/elsewhere``. An
    ``examples`` that is empty so far is the last that is meant.
    """
    here = (here or Path.cwd()).absolute()
    repository = repository_of(here)
    for place in _upwards(here, repository):
        corpus = _corpus_in(place, looks_inside=place == here or repository is not None)
        if corpus is not None:
            return Home(_as_seen(corpus, here), _as_seen(_root_of(corpus), here))
    return Home(DEFAULT_CORPUS, Path()) if (here / DEFAULT_CORPUS).is_dir() else None


def default_corpus() -> Path:
    """The corpus that is meant where none is named; ``examples``, though it is not there."""
    home = find_home()
    return home.corpus if home else DEFAULT_CORPUS


def default_corpora() -> tuple[Path, ...]:
    """The corpora that are meant where none is named: that one, and what comes after it.

    Raises SpecError for a ``corpus.toml`` that cannot be taken.
    """
    corpus = default_corpus()
    return (corpus, *continuations(corpus))


def state_root() -> Path:
    """Where ``.harness`` is looked for and made: the same from all over a corpus."""
    home = find_home()
    return home.root if home else Path()


def repository_of(place: Path) -> Path | None:
    """The top of the git repository around ``place``, if there is one."""
    return next((each for each in (place, *place.parents) if (each / ".git").exists()), None)


def _upwards(here: Path, top: Path | None) -> Iterator[Path]:
    """A directory and those above it, up to ``top``, or to the root where there is no ``top``."""
    for place in (here, *here.parents):
        yield place
        if place == top:
            return


def _corpus_in(place: Path, *, looks_inside: bool) -> Path | None:
    """``place`` itself, or the one directory in it that says that it is a corpus."""
    if (place / CORPUS_FILE).exists():
        return place
    if not looks_inside:
        return None
    inside = sorted(file.parent for file in place.glob(f"*/{CORPUS_FILE}"))
    if place / DEFAULT_CORPUS in inside or any((place / DEFAULT_CORPUS).glob("*/*/example.toml")):
        return place / DEFAULT_CORPUS
    return inside[0] if len(inside) == 1 else None


def _root_of(corpus: Path) -> Path:
    """Beside a directory called ``examples``, which is part of a project; else in the corpus.

    What comes after a corpus has its root, where both are found from.
    """
    if (first := _continued_by(corpus)) is not None:
        return _root_of(first)
    is_part = corpus.name == DEFAULT_CORPUS.name and not (corpus / ".git").exists()
    return corpus.parent if is_part else corpus


def _continued_by(corpus: Path) -> Path | None:
    """The same as for whoever reads the corpus, who is told what is wrong with it."""
    try:
        return continued_by(corpus)
    except SpecError:
        return None


def _as_seen(place: Path, here: Path) -> Path:
    """As one would type it from here; only what is far away in full."""
    relative = Path(os.path.relpath(place, here))
    return place if relative.parts[:3] == ("..",) * 3 else relative
