"""The record that a corpus carries: what its pages show of runs made before it was handed on.

It is one file beside ``corpus.toml``, so that a fresh copy has pages with runs. It holds, of each
program, the counts under one toolchain of each side with the few runs that its page draws, what
each control broke, what compilers said and what was concluded, and how many orders each spec
allows, which takes long to count; every part beside the digest of what it is about, so that what
has changed since is left out when it is read.
"""

from __future__ import annotations

import base64
import io
import json
import lzma
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.language.declarations import Spec
from harness.record import Store
from harness.record.verdicts import PLACE as VERDICTS
from harness.site.allowed import ALLOWED_FILE, counts_about
from harness.site.data import PageData, gather
from harness.values.errors import HarnessError

RECORD_FILE = "record.json.xz"
MAX_BYTES = 400_000
"""What a corpus may carry: it is in every copy, and each release replaces it."""

_FORMAT = 1
_OTHERS = ("broken", "refusals", VERDICTS)
"""Directories of the state that hold a file for each example."""

_SCHEDULE, _SIGNATURE = 1, 2
"""What tells runs apart in an exported row."""


class ReleasedRecordError(HarnessError):
    """A corpus's record that cannot be read, or would be too large: what is wrong with it."""


def write_released(pages: Sequence[PageData], state: Path, path: Path) -> int:
    """Write what the pages show of the record below ``state``; gives the number of bytes.

    Raises ReleasedRecordError if that is more than a corpus may carry.
    """
    with Store(state) as store:
        lines = [line for page in pages for line in _lines(store, page)]
    files = {
        f"{place}/{file}": (state / place / file).read_text(encoding="utf-8")
        for place in _OTHERS
        for file in (f"{page.spec.topic}--{page.spec.name}.json" for page in pages)
        if (state / place / file).exists()
    }
    if (state / ALLOWED_FILE).exists():
        counts = (state / ALLOWED_FILE).read_text(encoding="utf-8")
        files[ALLOWED_FILE] = counts_about(counts, {page.spec.digest for page in pages})
    data = {"record": _FORMAT, "lines": lines, "files": files}
    packed = lzma.compress(json.dumps(data, ensure_ascii=False).encode(), preset=9)
    if len(packed) > MAX_BYTES:
        raise ReleasedRecordError(
            f"{path}: expected at most {MAX_BYTES:,} bytes, got {len(packed):,}"
        )
    path.write_bytes(packed)
    return len(packed)


def _lines(store: Store, page: PageData) -> Iterator[Mapping[str, Any]]:
    """The exported lines of what the page shows, each with the runs that it draws alone."""
    shown = {
        (
            seen.program.side.value,
            seen.program.name,
            seen.toolchain.label,
            seen.toolchain.version,
        ): {(run.schedule, run.signature) for run in seen.shown}
        for seen in _one_of_each_side(page)
    }
    out = io.StringIO()
    store.export(out, page.spec.id)
    for line in out.getvalue().splitlines()[1:]:
        value = json.loads(line)
        _, side, program, digest, _, toolchain, version = value["subject"]
        runs = shown.get((side, program, toolchain, version))
        if runs is not None and digest == page.spec.digest:
            value["run"] = list(_first_of_each(value["run"], runs))
            yield value


def _first_of_each(
    rows: Iterable[list[Any]], runs: Iterable[tuple[str, str]]
) -> Iterator[list[Any]]:
    """Of rows of kept runs the first of each that is wanted, by schedule and interleaving."""
    wanted = set(runs)
    for row in rows:
        told = (row[_SCHEDULE], base64.b64decode(row[_SIGNATURE]).hex())
        if told in wanted and row[-1] is not None:
            wanted.discard(told)
            yield row


def _one_of_each_side(page: PageData) -> Iterator[Any]:
    """For each program of each side the toolchain that ran it most."""
    by_program: dict[tuple[Any, str], Any] = {}
    for seen in page.seen:
        key = seen.program.side, seen.program.name
        if key not in by_program or seen.total.runs > by_program[key].total.runs:
            by_program[key] = seen
    yield from by_program.values()


def gather_with_released(specs: Sequence[Spec], state: Path, path: Path) -> tuple[PageData, ...]:
    """The data of all pages; what has not been made here is taken from the corpus's record.

    Raises ReleasedRecordError for a file that is no such record.
    """
    own = gather(specs, state)
    lacking = [page.spec for page in own if _lacks(page)]
    if not lacking or not path.exists():
        return own
    with tempfile.TemporaryDirectory() as place:
        _unpack(path, Path(place))
        released = {page.spec.id: page for page in gather(lacking, Path(place))}
    return tuple(
        page.completed_by(released[page.spec.id]) if page.spec.id in released else page
        for page in own
    )


def _lacks(page: PageData) -> bool:
    """Whether a page lacks anything that a record may have: runs, what controls break, refusals."""
    is_refused = any(map(page.spec.is_refused, page.spec.programs))
    has_all = len(page.broken) >= len(page.spec.controls)
    return not page.seen or not has_all or (is_refused and not page.refusals)


def _unpack(path: Path, state: Path) -> None:
    """Make a state directory of the record."""
    try:
        data = json.loads(lzma.decompress(path.read_bytes()))
        if data["record"] != _FORMAT:
            raise ReleasedRecordError(f"{path}: of another format; write it anew")
        files, lines = dict(data["files"]), list(data["lines"])
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise ReleasedRecordError(f"{path}: expected a corpus's record: {error}") from error
    with Store(state) as store:
        store.merge([json.dumps(line) for line in ({"evidence": 1}, *lines)], str(path))
    for name, text in files.items():
        place, _, file = name.partition("/")
        if name == ALLOWED_FILE:
            (state / name).write_text(text, encoding="utf-8")
        elif place in _OTHERS and "/" not in file:
            (state / place).mkdir(exist_ok=True)
            (state / place / file).write_text(text, encoding="utf-8")
