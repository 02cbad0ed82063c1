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
from harness.language.properties.outcome_entries import Entry
from harness.language.properties.outcomes import Outcomes
from harness.language.sources import text_of
from harness.language.spec.programs import LIBRARY
from harness.proof.kept import load_broken
from harness.proof.shown import Broken
from harness.record import RunRecord, Store, run_of, toolchain_of
from harness.record.reading import Evidence, Summary
from harness.record.schema import FILE_NAME
from harness.record.traces import Gallery, KeptTrace, gallery_of, kept_traces
from harness.record.verdicts import KeptVerdict, load_verdicts
from harness.schedules.names import NATURAL, parse_schedule
from harness.site.allowed import ALLOWED_FILE, AllowedCounts
from harness.site.authors import (
    Author,
    Label,
    agreed_threads,
    milliseconds,
    recorded_authors,
    recorded_stands,
    recorded_threads,
    supposed_authors,
)
from harness.site.lanes import Drawing, draw, labels_of
from harness.site.refusals import Refusal, load_refusals
from harness.site.texts import prose_of
from harness.values.program import Program, Scope
from harness.values.run import Deadlocked
from harness.values.toolchain import Toolchain

COMPARED_RUNS = 8
"""Controlled runs that are asked which thread writes what."""

KINDS = ("lesson", "frequent", "most", "least")
"""What runs are chosen for: the one that shows what the page is about, which is the first; the
most frequent, the most and the least interleaved."""

_TELLING_GRADES = ("interesting", "sometimes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A recorded run to show: what it was chosen for (of ``KINDS``), and how often it came.

    ``plain_times`` is how often it came in runs that the system scheduled.

    ``is_doubtful`` says that something in it was beyond control; ``outcomes`` are
    what it came to, by the property that grades it; ``signature`` stands for its
    interleaving.
    """

    kinds: tuple[str, ...]
    schedule: str
    ending: str
    hung: bool
    drawing: Drawing
    times: int
    plain_times: int = 0
    is_doubtful: bool = False
    outcomes: Mapping[str, str] = field(default_factory=dict)
    signature: str = ""


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
    """All that the pages of one example show. ``sources`` are its programs' texts by path.

    ``prose`` is what is told of the steps, by ``PROGRAM NUMBER``; ``verdicts`` are what
    was concluded of the programs as they are now. ``is_released`` says
    that the runs are not of this machine, but of the record that the corpus carries.
    """

    spec: Spec
    sources: Mapping[str, str]
    seen: tuple[Seen, ...] = ()
    broken: Mapping[str, Broken] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    prose: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[KeptVerdict, ...] = ()
    is_released: bool = False

    def completed_by(self, other: PageData) -> PageData:
        """The same, with what it lacks taken from another record."""
        is_released = not self.seen and bool(other.seen)
        return replace(
            self,
            seen=self.seen or other.seen,
            broken={**other.broken, **self.broken},
            refusals=self.refusals or other.refusals,
            verdicts=self.verdicts or other.verdicts,
            is_released=is_released,
        )

    def source(self, program: Program) -> str:
        """The text of one of the programs."""
        return self.sources[program.path]


def read_sources(spec: Spec) -> Mapping[str, str]:
    """The texts of the programs of ``spec``, and of the module that they import, by path."""
    paths = dict.fromkeys(program.path for program in spec.programs)
    if spec.packages.extension:
        paths[LIBRARY] = None
    return {path: text_of(spec, path) for path in paths}


def gather(specs: Sequence[Spec], state: Path) -> tuple[PageData, ...]:
    """The data of all pages, from what is recorded below ``state``; nothing is run."""
    if not (state / FILE_NAME).exists():
        return tuple(_page_data(spec, state, ()) for spec in specs)
    counts = AllowedCounts(state / ALLOWED_FILE)
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
        prose=prose_of(spec),
        verdicts=load_verdicts(state, spec),
    )


def _seen(store: Store, spec: Spec, counts: AllowedCounts) -> Iterator[Seen]:
    """What is recorded of the programs as they are now.

    Evidence of another digest is passed over.
    """
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
    """What is recorded of one program, its kept runs judged by the spec as it is."""
    toolchain = toolchain_of(kept[0]) if kept else _unknown_toolchain(evidence)

    def unmet(prop: Property) -> str:
        return unmet_by(prop, toolchain)

    claims = make_claims(spec, program, unmet=unmet)
    natural = evidence.plain.interleavings
    kept = [record for record in kept if record.recording is not None]
    traces = kept_traces(claims, kept, evidence.total.interleavings)
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
        shown=tuple(_shown(claims, traces, witnessed, natural)),
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
    """What is known of a toolchain no run of which was kept."""
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
    traces: Sequence[KeptTrace],
    witnessed: Sequence[Iterable[str]],
    natural: Mapping[str, int],
) -> Iterator[ShownRun]:
    """The runs of a gallery, each once; kinds that do not set runs apart are left out."""
    gallery = gallery_of(traces)
    if gallery is None:
        return
    chosen = {
        "lesson": _lesson(claims, gallery, traces, witnessed),
        "frequent": gallery.most_frequent,
        "most": gallery.most_interleaved,
        "least": gallery.least_interleaved,
    }
    threads = _threads(claims.spec, traces)
    everybody = _everybody(traces)
    # Where all runs are interleaved as much as each other, neither is the most.
    if chosen["most"].switches == chosen["least"].switches:
        del chosen["most"], chosen["least"]
    for signature in dict.fromkeys(trace.record.signature for trace in chosen.values()):
        same = {kind: t for kind, t in chosen.items() if t.record.signature == signature}
        shown = _shown_run(claims, tuple(same), next(iter(same.values())), threads, everybody)
        yield replace(shown, plain_times=natural.get(signature, 0))


def _lesson(
    claims: Claims,
    gallery: Gallery,
    traces: Sequence[KeptTrace],
    witnessed: Sequence[Iterable[str]],
) -> KeptTrace:
    """The run that shows most of what the page is about; where none does, the most interleaved.

    That is an outcome that is graded as telling, what some run has to show, and a
    deadlock that says who waits for whom. Of equal ones, the one that came most often.
    """

    def telling(index: int) -> tuple[int, bool, int]:
        """How much a run shows of what the page is about: a key to be compared."""
        trace = traces[index]
        recording = trace.record.recording
        log = recording.log if recording is not None else ""
        stands = any(stand.whom for stand in recorded_stands(log))
        # Telling outcomes and deadlocks count double: a property of some run may well be shown by
        # most of the runs.
        shown = 2 * _telling_outcomes(claims, trace) + len(tuple(witnessed[index])) + 2 * stands
        return shown, bool(log), trace.came

    # No run that broke something: a page shows what may happen, and tells of failures elsewhere.
    sound = [i for i, t in enumerate(traces) if t.record.signature and not t.record.broke]
    best = max(sound, key=telling)
    return traces[best] if telling(best)[0] else gallery.most_interleaved


def _telling_outcomes(claims: Claims, trace: KeptTrace) -> int:
    """How many of its outcomes are graded as worth a look."""
    count = 0
    for prop in claims.properties:
        text = trace.record.outcomes.get(prop.name)
        if isinstance(prop.rule, Outcomes) and text is not None:
            entry = entry_of(prop.rule, text)
            count += entry is not None and entry.grade in _TELLING_GRADES
    return count


def entry_of(rule: Outcomes, text: str) -> Entry | None:
    """The entry that an outcome, kept as text, belongs to: the same text, or the first open one."""
    for entry in rule.entries:
        if entry.text == text:
            return entry
    values = (_value(text),) if len(rule.of) == 1 else tuple(map(_value, text.split(", ")))
    return next((entry for entry in rule.entries if entry.takes(values)), None)


def _value(text: str) -> int | float | str:
    """The value of which the record has kept the text."""
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text


def _told(trace: KeptTrace) -> tuple[str, ...]:
    """What the ending of a deadlock says of each thread."""
    ending = trace.record.ending
    return ending.waiting if isinstance(ending, Deadlocked) else ()


def _everybody(traces: Sequence[KeptTrace]) -> tuple[str, ...]:
    """All threads of the program, as the recorded run that had most of them names them."""
    logs = (t.record.recording.log for t in traces if t.record.recording is not None)
    return max(map(recorded_threads, logs), key=len, default=())


def _shown_run(
    claims: Claims,
    kinds: tuple[str, ...],
    trace: KeptTrace,
    threads: Mapping[Label, str],
    everybody: Sequence[str],
) -> ShownRun:
    """One run as it is drawn: by its own record, or as controlled runs of the program have it."""
    recording = trace.record.recording
    assert recording is not None  # noqa: S101 - only kept runs are shown
    ending = ending_text(trace.record.ending)
    is_timed = not parse_schedule(trace.record.schedule).is_controlled
    # Controlled time is virtual: when a line came says nothing there.
    times = milliseconds(recording.stdout, recording.arrivals, trace.lines) if is_timed else ()
    drawing = draw(
        claims.spec,
        claims.program.name,
        trace.lines,
        authors=_authors(trace) or supposed_authors(labels_of(claims.spec, trace.lines), threads),
        threads=recorded_threads(recording.log) or everybody,
        stands=recorded_stands(recording.log, _told(trace)),
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
        outcomes=trace.record.outcomes,
        signature=trace.record.signature,
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
