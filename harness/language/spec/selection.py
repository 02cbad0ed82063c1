"""Which programs something is about: a list of ``side:program``, either part left out at will."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.language.spec.programs import MAIN
from harness.language.tables import Table
from harness.values.program import Program, Side
from harness.values.words import listed, nearest

_SIDES = {side.value: side for side in Side}


@dataclass(frozen=True, slots=True)
class Named:
    """One entry of such a list: ``rust:mended``; ``mended`` is on both sides, ``rust`` is main."""

    side: Side | None
    program: str

    def means(self, program: Program) -> bool:
        """Whether it names ``program``."""
        return program.name == self.program and self.side in (None, program.side)


def parse_named(table: Table, key: str, text: str, programs: Iterable[Program]) -> Named:
    """One entry; raises SpecError if it means no program."""
    named, programs = _read(text), tuple(programs)
    if named.side and not any(program.side is named.side for program in programs):
        table.fail(key, f"this example has no {named.side.value} program")
    if not any(named.means(program) for program in programs):
        known = tuple(dict.fromkeys(_ways_to_say(programs)))
        table.fail(key, f'there is no program "{text}"{nearest(text, known)}; there is '
                        f"{listed(known)}")  # fmt: skip
    return named


def parse_selection(table: Table, key: str, programs: Sequence[Program]) -> tuple[Named, ...]:
    """The entries of a list, one at least, of which none says what another has said."""
    texts = table.texts(key)
    if not texts:
        table.fail(key, "expected the names of programs, found an empty list")
    chosen = [parse_named(table, key, text, programs) for text in texts]
    for position, (text, named) in enumerate(zip(texts, chosen, strict=True)):
        meant = [program for program in programs if named.means(program)]
        others = (*chosen[:position], *chosen[position + 1 :])
        if all(any(other.means(program) for other in others) for program in meant):
            table.fail(key, f'"{text}" is named by the other entries already')
    return tuple(chosen)


def _read(text: str) -> Named:
    """``rust:main``, ``rust`` or ``main``.

    Whether there is such a program, nobody has asked yet.
    """
    side, colon, program = text.partition(":")
    if colon:
        return Named(_SIDES[side], program) if side in _SIDES else Named(None, text)
    return Named(_SIDES[text], MAIN) if text in _SIDES else Named(None, text)


def _ways_to_say(programs: Iterable[Program]) -> Iterator[str]:
    """All that an author may write to name one of these programs, for a hint."""
    programs = tuple(programs)
    yield from dict.fromkeys(program.name for program in programs)
    for program in programs:
        yield written(program.side.value, program.name)


def written(side: object, name: object) -> str:
    """``rust:mended``; a main program is called by its side alone."""
    return f"{side}" if name == MAIN else f"{side}:{name}"


def meant_by(chosen: Iterable[Named], programs: Iterable[Program]) -> tuple[Program, ...]:
    """The programs that one of these names."""
    chosen = tuple(chosen)
    return tuple(p for p in programs if any(named.means(p) for named in chosen))
