"""The corpora of a call as its workers have them: found at the same place, or sent once.

What is in them is one digest: a worker takes no others for them.
"""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

_NEVER_SENT = frozenset({"target", "__pycache__", "node_modules"})
_HIDDEN_AND_SENT = frozenset({".cargo"})


def digest_of(corpora: Sequence[Path]) -> str:
    """What stands for all files of the corpora, by name, content and whether they are programs."""
    digest = blake2b(digest_size=16)
    for number, corpus in enumerate(corpora):
        for name, path in _files(corpus):
            content = path.read_bytes()
            is_program = bool(path.stat().st_mode & 0o100)
            head = f"{number}/{name}\0{is_program}\0{len(content)}\0"
            digest.update(head.encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def pack(corpora: Sequence[Path]) -> bytes:
    """The files of the corpora, to be sent."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=6) as archive:
        for number, corpus in enumerate(corpora):
            for name, path in _files(corpus):
                archive.add(path.resolve(), f"{number}/{name}", recursive=False)
    return packed.getvalue()


def found(corpora: Sequence[str], digest: str, kept: Path) -> tuple[Path, ...] | None:
    """Where the corpora lie here: at the same places as there, or where they were unpacked.

    ``None`` if nowhere: what differs by its digest is not what was meant.
    """
    unpacked = tuple(kept / digest / str(number) for number in range(len(corpora)))
    for places in (tuple(map(Path, corpora)), unpacked):
        if all(place.is_dir() for place in places) and digest_of(places) == digest:
            return places
    return None


def unpack(packed: bytes, digest: str, count: int, kept: Path) -> tuple[Path, ...]:
    """Unpack what was sent below ``kept``; raises ValueError if it is not what was meant.

    Workers that share the place may do so at once: the first one's is everybody's.
    """
    kept.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=kept, prefix="draft-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            archive.extractall(draft, filter="data")
        places = tuple(draft / str(number) for number in range(count))
        for place in places:
            place.mkdir(exist_ok=True)
        if digest_of(places) != digest:
            raise ValueError("what was unpacked is not the corpus that was sent")
        _put(draft, kept / digest, count)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(kept / digest / str(number) for number in range(count))


def _put(draft: Path, place: Path, count: int) -> None:
    """Let the draft take its place; one that is there and was changed since makes room."""
    try:
        draft.rename(place)
    except OSError:
        numbers = [place / str(number) for number in range(count)]
        if digest_of(numbers) == place.name:
            return
        place.rename(draft.with_name(f"{draft.name}-old"))
        draft.rename(place)
        shutil.rmtree(draft.with_name(f"{draft.name}-old"), ignore_errors=True)


def _files(corpus: Path) -> Iterator[tuple[str, Path]]:
    """The files that make up the corpus, each with its name in it, in order."""
    for directory, inner, files in os.walk(corpus):
        inner[:] = sorted(name for name in inner if _is_sent(name))
        for name in sorted(files):
            path = Path(directory, name)
            if path.is_file():
                yield path.relative_to(corpus).as_posix(), path


def _is_sent(directory: str) -> bool:
    """Whether a directory is part of a corpus, and not made from it."""
    if directory.startswith("."):
        return directory in _HIDDEN_AND_SENT
    return directory not in _NEVER_SENT
