"""A call to a cluster: what its workers are told, and which lots have been done before."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.bench.options import Options
from harness.bench.planning import SidePlan
from harness.bench.recording import Recorder
from harness.cluster.connection import Cluster
from harness.cluster.corpora import digest_of
from harness.cluster.identity import own_identity
from harness.cluster.journal import Journal
from harness.cluster.lots import Call, Lot, LotDone, PartDone
from harness.language.corpus import corpus_of
from harness.language.declarations import Spec
from harness.machine.toolchains import cannot_run
from harness.values.errors import HarnessError
from harness.values.program import Program
from harness.values.progress import SILENT


@dataclass(frozen=True, slots=True)
class Corpora:
    """The corpora that the examples of a call lie in."""

    places: tuple[Path, ...]

    @classmethod
    def of(cls, specs: Iterable[Spec]) -> Corpora:
        """Those of the examples, in a lasting order."""
        return cls(tuple(sorted({corpus_of(spec.directory) for spec in specs})))

    @property
    def names(self) -> tuple[str, ...]:
        """Where they lie."""
        return tuple(os.fspath(place.absolute()) for place in self.places)

    @property
    def digest(self) -> str:
        """What is in them."""
        return digest_of(self.places)

    def example(self, spec: Spec) -> tuple[int, str]:
        """In which of them an example lies, and where."""
        corpus = corpus_of(spec.directory)
        return self.places.index(corpus), spec.directory.relative_to(corpus).as_posix()


def programs_of(plan: SidePlan, names: Collection[str] = ()) -> Iterator[Program]:
    """The programs of a side that may be run: whether they can be, the worker that builds tells.

    With ``names`` only those.
    """
    for program in plan.spec.programs_of(plan.side):
        is_run = not plan.spec.is_refused(program) and not cannot_run(program, plan.toolchain)
        if is_run and (not names or program.name in names):
            yield program


def make_call(
    specs: Iterable[Spec], options: Options, *, state: Path | None = None, **asked: Any
) -> Call:
    """The call as its workers are told of it; ``state`` is where those of this machine build."""
    corpora = Corpora.of(specs)
    return Call(
        name=secrets.token_hex(6),
        harness=own_identity(),
        corpora=corpora.names,
        digest=corpora.digest,
        options=replace(options, progress=SILENT),
        state=os.fspath(state.absolute()) if state else "",
        **asked,
    )


def done_lots(
    cluster: Cluster, journal: Journal, next_lot: Callable[[], Lot | None], recorder: Recorder
) -> Iterator[LotDone]:
    """What came of the lots: of those that the journal has at once, of the others by the cluster.

    What the cluster has done is recorded, and kept in the journal, before it is given. Raises
    HarnessError for what a worker's machine lacks, and ClusterLost.
    """
    for done in cluster.results(next_lot, journal.find):
        if done.error:
            raise HarnessError(f"{done.worker}: {done.error}")
        if done.lot.key not in journal:
            journal.add(done)
            _record(done.parts, recorder)
        yield done


def _record(parts: Sequence[PartDone], recorder: Recorder) -> None:
    """Take the runs into the record of this machine."""
    if recorder.store is not None:
        for part in parts:
            for each in part.records:
                recorder.store.record(each)
