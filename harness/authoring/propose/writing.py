"""Proposals as TOML, ready to be pasted into a spec once they have been thought through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from harness.authoring.propose.choosing import Chosen
from harness.authoring.propose.draft import programs_by_name
from harness.authoring.propose.gathering import Gathered
from harness.language.declarations import ALWAYS, SOMETIMES
from harness.language.places import written_text
from harness.language.spec.selection import written
from harness.values.program import EventSpec, Scope, Side

_NO_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60
COLUMNS = 80
"""Columns of what is proposed, but for texts that are longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One property that is proposed: for one side or both, of one program or several."""

    name: str
    chosen: Chosen
    side: Side | None
    programs: tuple[str, ...]
    runs: int

    def lines(self) -> Iterator[str]:
        """Its TOML, with what it would have caught."""
        candidate = self.chosen.mined.candidate
        yield from _comment(f"proposed: {self._basis()}")
        yield f"[{ALWAYS if candidate.scope is Scope.EVERY_RUN else SOMETIMES}.{self.name}]"
        yield f"why = {_toml(self._why())}"
        if self._about != ("main",):
            about: object = self._about[0] if len(self._about) == 1 else list(self._about)
            yield f"programs = {_toml(about)}"
        if candidate.when:
            yield f"when = {_toml(candidate.when)}"
        yield from _body(candidate.family, candidate.body)

    @property
    def _about(self) -> tuple[str, ...]:
        """The programs as a spec names them."""
        if self.side is None:
            return self.programs
        return tuple(written(self.side.value, name) for name in self.programs)

    def _basis(self) -> str:
        """What a proposal rests on, for the comment above it."""
        chosen = self.chosen
        if chosen.mined.candidate.scope is Scope.SOME_RUN:
            return f"seen in some of {self.runs} runs"
        if chosen.mined.candidate.family == "compile-error":
            return "what the compiler says now"
        if not chosen.of:
            return f"it was so in all of {self.runs} runs"
        return (
            f"held in all of {self.runs} runs; of {chosen.of} changed traces it refuses "
            f"{chosen.caught}, {chosen.alone} of them alone"
        )

    def _why(self) -> str:
        if self.chosen.mined.candidate.scope is Scope.SOME_RUN:
            return "a proposal: it was so in some runs; say why it can be, or remove it"
        return "a proposal: it was so in every run; say why it must be, or remove it"


def proposals(gathered: Gathered, chosen: Iterable[Chosen]) -> tuple[Proposal, ...]:
    """The proposals, each with a name of its own, in the order of ``chosen``."""
    names: dict[str, int] = {}
    made: list[Proposal] = []
    for each in chosen:
        for side, programs in _groups(gathered, each):
            name = _name(each, side, programs)
            names[name] = names.get(name, 0) + 1
            made.append(
                Proposal(
                    name=name if names[name] == 1 else f"{name}-{names[name]}",
                    chosen=each,
                    side=side,
                    programs=programs,
                    runs=_runs(gathered, each),
                )
            )
    return tuple(made)


def _groups(gathered: Gathered, chosen: Chosen) -> Iterator[tuple[Side | None, tuple[str, ...]]]:
    """The programs for which both sides are meant, then those of each side."""
    candidate = chosen.mined.candidate
    if candidate.family == "compile-error":
        yield Side.RUST, (chosen.mined.places[0][1],)
        return
    if candidate.family == "agreement":
        (_, name), (_, twin) = chosen.mined.places
        yield None, (name,) if name == twin else (f"python:{name}", f"rust:{twin}")
        return
    by_name: dict[str, set[Side]] = {}
    for side, name in chosen.mined.places:
        by_name.setdefault(name, set()).add(side)
    known = programs_by_name(gathered.spec)
    reports = "reports" in candidate.body
    both = tuple(n for n, sides in by_name.items() if sides >= known[n].keys() and not reports)
    if both:
        yield None, both
    for side in Side:
        if rest := tuple(n for n, sides in by_name.items() if side in sides and n not in both):
            yield side, rest


def _runs(gathered: Gathered, chosen: Chosen) -> int:
    """Of how many runs it was mined, over all programs that it is proposed for."""
    found = (gathered.recorded.get(place) for place in chosen.mined.places)
    return sum(len(recorded.runs) for recorded in found if recorded is not None)


def _name(chosen: Chosen, side: Side | None, programs: Sequence[str]) -> str:
    """A name that tells what it is about, of at most so many characters; not yet unlike others."""
    candidate = chosen.mined.candidate
    words = [programs[0]] if programs != ("main",) and len(programs) == 1 else []
    words += [side.value] if side is not None else []
    words += [candidate.family, json.dumps(_subjects(candidate.body))]
    name = _NO_WORD.sub("-", " ".join(words).lower()).strip("-")
    return name[:_LONGEST_NAME].strip("-")


def _subjects(body: Mapping[str, object]) -> list[object]:
    """What the property is about, for its name."""
    keys = ("of", "chain", "enter", "leave", "holds", "code", "ratio", "after", "as", "same")
    modes = ("are", "prefix-of", "permutation-of", "among", "increasing", "distinct", "reaches")
    found = [body[key] for key in keys if key in body]
    return [*found, *(mode for mode in modes if mode in body)]


# --- TOML ---------------------------------------------------------------------------


def _body(family: str, body: Mapping[str, object]) -> Iterator[str]:
    """The family's table; its lists of tables and of lists are one item a line.

    Other lists go on in the next line, where the table has no room in one; a table without any
    has a line for each key then.
    """
    line = f"{family} = {_toml(body)}"
    has_room = len(line) <= COLUMNS
    if has_room and not any(_is_deep(value) for value in body.values()):
        yield line
        return
    if not any(isinstance(value, list | tuple) for value in body.values()):
        yield from (f"{family}.{key} = {_toml(value)}" for key, value in body.items())
        return
    parts = [f"{key} = {_part(value, has_room=has_room)}" for key, value in body.items()]
    yield f"{family} = {{ {', '.join(parts)} }}"


def _part(value: object, *, has_room: bool) -> str:
    """The value of a key, its list in lines of its own where the table does not fit into one."""
    if _is_deep(value):
        return _deep(value)
    if isinstance(value, list | tuple) and not has_room:
        # `wrap` breaks at blanks, also those within quotes: those are NUL, which no
        # text of a trace has, until it is done.
        items = (_toml(item).replace(" ", "\0") for item in value)  # no item is broken up
        lines = wrap(
            " ".join(f"{item}," for item in items),
            COLUMNS,
            initial_indent="    ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "\n".join(["[", *lines, "]"]).replace("\0", " ")
    return _toml(value)


def _comment(text: str) -> Iterator[str]:
    yield from wrap(text, COLUMNS, initial_indent="# ", subsequent_indent="# ")


def _is_deep(value: object) -> bool:
    """Whether it is a list of lists or of tables, which has an item on each line."""
    return isinstance(value, list) and any(isinstance(item, list | dict) for item in value)


def _deep(value: object) -> str:
    items = value if isinstance(value, list) else []
    return "[\n" + "".join(f"    {_toml(item)},\n" for item in items) + "]"


def _toml(value: object) -> str:
    """The value in TOML on one line, for the types that a candidate's body has."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(_toml(item) for item in value)}]"
        case Mapping():
            inside = ", ".join(f"{key} = {_toml(item)}" for key, item in value.items())
            return f"{{ {inside} }}"
        case _:
            return written_text(str(value))


def event_lines(events: Iterable[EventSpec]) -> Iterator[str]:
    """The ``[events]`` table for patterns that were learned."""
    yield "# proposed: what the lines look like"
    yield "[events]"
    for event in events:
        yield f"{event.name} = {_toml(event.pattern)}"


def document(
    events: Sequence[EventSpec], made: Sequence[Proposal], stale: Sequence[str] = ()
) -> str:
    """All proposals as one text; ``events`` only where they were learned.

    ``stale`` are events of the spec that no line is any more.
    """
    blocks = [list(event_lines(events))] if events else []
    if stale:
        said = f"no line is one of these events any more: {', '.join(stale)}"
        blocks.insert(0, list(_comment(said)))
    blocks += [list(proposal.lines()) for proposal in made]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
