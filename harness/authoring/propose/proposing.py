"""From an example's directory to proposals for its spec."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from harness.authoring.propose.binding import unbound
from harness.authoring.propose.candidates import rule_of
from harness.authoring.propose.choosing import Chosen, choose
from harness.authoring.propose.draft import load_draft
from harness.authoring.propose.gathering import Gathered, Workshop, open_workshop
from harness.authoring.propose.learning import learn_events
from harness.authoring.propose.mining import Mined, mine
from harness.authoring.propose.pairs import agreements, refusals
from harness.authoring.propose.writing import Proposal, document, proposals
from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.language.patterns import compile_pattern
from harness.values.errors import SpecError
from harness.values.program import EventSpec
from harness.values.toolchain import Toolchain


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What is proposed for one example; ``events`` are those that its spec lacks.

    ``stale`` are those that it has, and that no line is any more.
    """

    gathered: Gathered
    made: tuple[Proposal, ...]
    events: tuple[EventSpec, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The proposals as TOML."""
        return document(self.events, self.made, self.stale)


def propose(directory: Path, toolchains: tuple[Toolchain, ...], options: Options) -> Proposed:
    """Run both sides of the example in ``directory`` many times, and propose what always held.

    The properties of its spec, if there are any, are not looked at. Raises
    HarnessError where the example cannot be read or built.
    """
    draft = load_draft(directory)
    workshop = open_workshop([draft], toolchains, options)
    learned = _learn(workshop, draft, options)
    if learned.events:
        draft = load_draft(directory, learned.events, learned.kept)
    made = propose_from(workshop.gather(draft), learned.events)
    return replace(made, stale=learned.stale)


@dataclass(frozen=True, slots=True)
class _Learned:
    """New events, those of the spec that are still there, and those that are not."""

    events: tuple[EventSpec, ...] = ()
    kept: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


def _learn(workshop: Workshop, draft: Spec, options: Options) -> _Learned:
    """What a few runs print that is no event of the spec: nothing, if all of it is known.

    Programs are changed before their specs are. Where a new pattern would take lines of an
    event of the spec as well, all are learned anew.
    """
    runs, schedules = min(options.runs, 10), min(options.schedules, 20)
    few = replace(workshop, budget=replace(workshop.budget, runs=runs, schedules=schedules))
    found = tuple(few.gather(draft).recorded.values())
    unknown = [line for recorded in found for line in recorded.unknown]
    if not unknown:
        return _Learned()
    known = [line for recorded in found for run in recorded.lines for line in run]
    declared = tuple(event.name for event in draft.events)
    kept = tuple(name for name in declared if name in {line.event for line in known})
    events = learn_events(unknown, taken=kept)
    try:
        load_draft(draft.directory, events, kept)
    except SpecError:
        return _Learned(learn_events([*unknown, *(line.text for line in known)]), (), declared)
    return _Learned(events, kept, tuple(name for name in declared if name not in kept))


def propose_from(gathered: Gathered, events: tuple[EventSpec, ...] = ()) -> Proposed:
    """What the runs that were made bear out."""
    mined = mine(gathered)
    agreed = [each for each in agreements(gathered) if not _is_said(each, mined)]
    both = (*agreed, *refusals(gathered))
    strongest = choose(gathered, mined)
    further = [m for m in (*unbound(gathered, strongest), *both) if _is_taken(gathered, m)]
    chosen = (*strongest, *(Chosen(mined=each) for each in further))
    return Proposed(gathered=gathered, made=proposals(gathered, chosen), events=events)


def _is_taken(gathered: Gathered, mined: Mined) -> bool:
    """Whether a spec may say so: a refusal needs a mended twin, for example."""
    patterns = {event.name: compile_pattern(event) for event in gathered.spec.events}
    return rule_of(mined.candidate, patterns) is not None


def _is_said(agreement: Mined, mined: Iterable[Mined]) -> bool:
    """Whether the values that agree are the same fixed ones on both sides anyway."""
    of, way = (agreement.candidate.body.get(key) for key in ("of", "as"))
    modes = {"sequence": {"are"}, "multiset": {"are", "permutation-of"}}.get(str(way), set())
    return any(
        each.candidate.body.get("of") == of
        and modes & each.candidate.body.keys()
        and "same" not in each.candidate.body
        and set(agreement.places) <= set(each.places)
        for each in mined
    )
