"""Gather all that the pages of one example show: its files, its evidence, its breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, compress, islice
from pathlib import Path

from harness.bench.subject import unmet_by
from harness.judging.claims import Claims, make_claims
from harness.judging.freedom import AllowedCount
from harness.judging.judge import judge_run
from harness.language.declarations import Property, Spec
from harness.language.properties.ending import ending_text
from harness.language.sources import text_of
from harness.proof.kept import load_broken
from harness.proof.shown import Broken
from harness.record import Evidence, RunRecord, Store, Summary, run_of, toolchain_of
from harness.record.schema import FILE_NAME
from harness.record.traces import Gallery, KeptTrace, gallery_of, kept_traces
from harness.schedules.names import NATURAL, parse_schedule
from harness.site.allowed import AllowedCounts
from harness.site.authors import (
    Author,
    Label,
    agreed_threads,
    milliseconds,
    recorded_authors,
    supposed_authors,
)
from harness.site.lanes import Drawing, draw, labels_of
from harness.site.refusals import Refusal, load_refusals
from harness.values.program import Program, Scope
from harness.values.toolchain import Toolchain

COMPARED_RUNS = 8
"""Controlled runs that are asked which thread writes what."""

KINDS = ("frequent", "rare", "most", "least")
"""What runs are chosen for: the most frequent, the rarest, the most and the least interleaved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A recorded run to show: what it was chosen for (of ``KINDS``), and how often it came.

    ``plain_times`` is how often it came in runs that the system scheduled.

    ``is_doubtful`` says that something in it was beyond control.
    """

    kinds: tuple[str, ...]
    schedule: str
    ending: str
    hung: bool
    drawing: Drawing
    times: int
    plain_times: int = 0
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is recorded of one program under one toolchain, as they are now.

    ``left_out`` are the properties that do not apply there, with the reason;
    ``plain`` the runs that the system scheduled; ``shown`` the runs that differ
    most. ``witnessed`` says how many of the ``kept`` runs show each property of
    some run; ``plain_kept`` and ``plain_witnessed`` count those among them that the
    system scheduled.
    """

    program: Program
    toolchain: Toolchain
    total: Summary
    plain: Summary
    strategies: tuple[str, ...]
    allowed: AllowedCount
    left_out: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[ShownRun, ...] = ()
    kept: int = 0
    witnessed: Mapping[str, int] = field(default_factory=dict)
    plain_kept: int = 0
    plain_witnessed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageData:
    """All that the pages of one example show. ``sources`` are its programs' texts by path."""

    spec: Spec
    sources: Mapping[str, str]
    seen: tuple[Seen, ...] = ()
    broken: Mapping[str, Broken] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    def source(self, program: Program) -> str:
        """The text of one of the programs."""
        return self.sources[program.path]


def read_sources(spec: Spec) -> Mapping[str, str]:
    """The texts of the programs of ``spec``, by path."""
    paths = dict.fromkeys(program.path for program in spec.programs)
    return {path: text_of(spec, path) for path in paths}


def gather(specs: Sequence[Spec], state: Path) -> tuple[PageData, ...]:
    """The data of all pages, from what is recorded below ``state``; nothing is run."""
    if not (state / FILE_NAME).exists():
        return tuple(_page_data(spec, state, ()) for spec in specs)
    counts = AllowedCounts(state / "allowed.json")
    with Store(state) as store:
        data = tuple(_page_data(spec, state, tuple(_seen(store, spec, counts))) for spec in specs)
    counts.save()
    return data


def _page_data(spec: Spec, state: Path, seen: tuple[Seen, ...]) -> PageData:
    return PageData(
        spec=spec,
        sources=read_sources(spec),
        seen=seen,
        broken=load_broken(state, spec),
        refusals=load_refusals(state, spec),
    )


def _seen(store: Store, spec: Spec, counts: AllowedCounts) -> Iterator[Seen]:
    for evidence in store.evidence(spec.id):
        program = spec.program(evidence.subject.side, evidence.subject.program)
        if program is not None and evidence.subject.digest == spec.digest:
            yield _seen_of(spec, program, evidence, store.kept_runs(evidence.subject), counts)


def _seen_of(
    spec: Spec,
    program: Program,
    evidence: Evidence,
    kept: Sequence[RunRecord],
    counts: AllowedCounts,
) -> Seen:
    toolchain = toolchain_of(kept[0]) if kept else _unknown_toolchain(evidence)

    def unmet(prop: Property) -> str:
        return unmet_by(prop, toolchain)

    claims = make_claims(spec, program, unmet=unmet)
    traces = kept_traces(claims, kept, evidence.total.interleavings)
    natural = evidence.plain.interleavings
    witnessed = _witnessed(claims, kept)
    is_plain = [record.strategy in NATURAL for record in kept]
    return Seen(
        program=program,
        toolchain=toolchain,
        total=evidence.total,
        plain=evidence.plain,
        strategies=tuple(evidence.strategies),
        allowed=counts.of(claims),
        left_out={prop.name: reason for prop, reason in claims.left_out},
        shown=tuple(_shown(claims, gallery_of(traces), _threads(claims.spec, traces), natural)),
        kept=len(kept),
        witnessed=Counter(chain.from_iterable(witnessed)),
        plain_kept=sum(is_plain),
        plain_witnessed=Counter(chain.from_iterable(compress(witnessed, is_plain))),
    )


def _witnessed(claims: Claims, kept: Sequence[RunRecord]) -> Sequence[Iterable[str]]:
    """Which properties of some run each of the kept runs shows: they are judged again."""
    if not claims.of_scope(Scope.SOME_RUN):
        return [()] * len(kept)
    return [judge_run(claims, run_of(record)).witnessed for record in kept]


def _unknown_toolchain(evidence: Evidence) -> Toolchain:
    subject = evidence.subject
    return Toolchain(
        side=subject.side,
        label=subject.toolchain,
        version=subject.version,
        program=Path(subject.toolchain),
    )


# --- runs to show -------------------------------------------------------------------


def _shown(
    claims: Claims,
    gallery: Gallery | None,
    threads: Mapping[Label, str],
    natural: Mapping[str, int],
) -> Iterator[ShownRun]:
    """The runs of a gallery, each once; kinds that do not set runs apart are left out."""
    if gallery is None:
        return
    chosen = {
        "frequent": gallery.most_frequent,
        "rare": gallery.rarest,
        "most": gallery.most_interleaved,
        "least": gallery.least_interleaved,
    }
    if chosen["frequent"].came == chosen["rare"].came:
        del chosen["rare"]
    if chosen["most"].switches == chosen["least"].switches:
        del chosen["most"], chosen["least"]
    for signature in dict.fromkeys(trace.record.signature for trace in chosen.values()):
        same = {kind: t for kind, t in chosen.items() if t.record.signature == signature}
        shown = _shown_run(claims, tuple(same), next(iter(same.values())), threads)
        yield replace(shown, plain_times=natural.get(signature, 0))


def _shown_run(
    claims: Claims, kinds: tuple[str, ...], trace: KeptTrace, threads: Mapping[Label, str]
) -> ShownRun:
    recording = trace.record.recording
    assert recording is not None  # noqa: S101 - only kept runs are shown
    ending = ending_text(trace.record.ending)
    is_timed = not parse_schedule(trace.record.schedule).is_controlled
    times = milliseconds(recording.stdout, recording.arrivals, trace.lines) if is_timed else ()
    drawing = draw(
        claims.spec,
        claims.program.name,
        trace.lines,
        authors=_authors(trace) or supposed_authors(labels_of(claims.spec, trace.lines), threads),
        milliseconds=times,
    )
    return ShownRun(
        kinds=kinds,
        schedule=trace.record.schedule,
        ending=ending,
        hung=ending.id == "ending.hang",
        drawing=drawing,
        times=trace.came,
        is_doubtful=bool(recording.doubts),
    )


def _authors(trace: KeptTrace) -> tuple[Author, ...]:
    """Who wrote each line, if the run was controlled."""
    recording = trace.record.recording
    if recording is None:
        return ()
    return recorded_authors(recording.log, recording.stdout, trace.lines)


def _threads(spec: Spec, traces: Sequence[KeptTrace]) -> Mapping[Label, str]:
    """Which thread writes which lines, as some controlled runs agree; plain runs do not tell."""
    recorded = ((trace, authors) for trace in traces if (authors := _authors(trace)))
    some = islice(recorded, COMPARED_RUNS)
    return agreed_threads((labels_of(spec, trace.lines), authors) for trace, authors in some)
