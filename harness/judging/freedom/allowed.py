"""How many interleavings the properties of a program allow, and one of them drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from harness.judging.claims import Claims
from harness.judging.freedom.counting import (
    CountedPart,
    Lengths,
    draw,
    estimate,
    parts_of,
    shuffled,
)
from harness.judging.freedom.declared import all_atoms, is_covered, listed_fields
from harness.judging.freedom.letters import (
    Letter,
    Placeholder,
    TooManyLetters,
    mask_of,
    possible_letters,
)
from harness.judging.freedom.relations import Key, settled_fields
from harness.language.properties.base import Rule
from harness.language.properties.each import Each
from harness.language.properties.relation import Relation
from harness.values.program import Scope, Value

SAMPLES = 2_000
"""Random walks for an estimate."""

WALK_EFFORT = 20_000_000
"""Letters that are tried in all the walks of an estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCount:
    """How many interleavings are allowed: ``exact``, or an ``estimate``, or not countable.

    ``error`` is the relative standard error of an estimate, ``why`` says why
    there is no count. ``uncovered`` names properties that may forbid some of
    those counted: then the number is an upper bound.
    """

    exact: int | None = None
    estimate: int | None = None
    error: float = 0.0
    why: str = ""
    uncovered: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """``3,003``, ``~1.2e+18``, ``≤ 12``, or ``?``."""
        mark = "≤ " if self.uncovered else ""
        if self.exact is not None:
            return mark + _number(self.exact)
        return mark + f"~{_number(self.estimate)}" if self.estimate is not None else "?"

    def __str__(self) -> str:
        """``3,003``, ``about 1.2e+18 (± 3 %)``, or why it cannot be counted."""
        left_out = f" at most ({', '.join(self.uncovered)} not counted in)" * bool(self.uncovered)
        if self.exact is not None:
            return f"{_number(self.exact)}{left_out}"
        if self.estimate is not None:
            return f"about {_number(self.estimate)} (± {100 * self.error:.1f} %){left_out}"
        return f"a number that cannot be counted: {self.why}"


def _number(value: int) -> str:
    """A number in full below 10^9, and else to two digits.

    Never by way of a float, which it may not fit.
    """
    if value < 10**9:
        return f"{value:,}"
    digits = str(value)
    return f"{digits[0]}.{digits[1]}e+{len(digits) - 1}"


def allowed_interleavings(claims: Claims, *, seed: int = 0) -> AllowedCount:
    """How many orders of lines every run may show, by the properties that hold of every run.

    Two runs count as one if their events and fields are the same in the same
    order, decimal numbers and values that follow from others aside: as the
    signatures of runs do.
    """
    try:
        return _Freedom(claims).count(random.Random(seed))  # noqa: S311 - an estimate, no secret
    except (TooManyLetters, _NotCountable) as reason:
        return AllowedCount(why=str(reason))


def random_allowed(claims: Claims, rng: random.Random) -> tuple[str, ...]:
    """The lines of a random run that the properties allow.

    Any of those of its length is as likely as any other, where they can be
    counted. Raises ValueError where the properties do not say what the lines
    hold, or where none was found.
    """
    try:
        freedom = _Freedom(claims)
        freedom.check_bounds()
    except (TooManyLetters, _NotCountable) as reason:
        raise ValueError(str(reason)) from reason
    order = draw(freedom.parts(freedom.definite), rng)
    if order is None:
        raise ValueError("no order of lines was found that the properties allow")
    patterns = claims.by_event
    letters = (freedom.alphabet.letters[number] for number in order)
    return tuple(patterns[letter.event].render(_values(letter)) for letter in letters)


def _values(letter: Letter) -> tuple[Value, ...]:
    return tuple(_given(letter, part) for part in letter.fields)


def _given(letter: Letter, part: object) -> Value:
    """The value of a field; raises ValueError where the properties leave it open."""
    if isinstance(part, int | float | str):
        return part
    raise ValueError(f"the properties do not say what a {letter.event} line holds")


class _NotCountable(Exception):
    """The properties leave something open; the message says what."""


class _Freedom:
    """The every-run properties of one program, taken to pieces."""

    def __init__(self, claims: Claims) -> None:
        properties = claims.of_scope(Scope.EVERY_RUN)
        rules = [prop.rule for prop in properties]
        listed = listed_fields(rules)
        patterns = [p for p in claims.stdout.patterns if p.event in claims.bound]
        events = frozenset(pattern.event for pattern in patterns)
        self._names = {pattern.event: pattern.names for pattern in patterns}
        self.alphabet = possible_letters(patterns, rules, _settled(rules, listed))
        self.uncovered = tuple(
            prop.name for prop in properties if not is_covered(prop.rule, events, listed)
        )
        self.atoms = all_atoms(rules, self.alphabet, events)

    @property
    def definite(self) -> int:
        """The letters that stand for one line each."""
        letters = enumerate(self.alphabet.letters)
        return mask_of(number for number, letter in letters if not letter.is_open)

    def parts(self, letters: int) -> tuple[CountedPart, ...]:
        """What can be reckoned apart."""
        return parts_of(self.atoms, letters)

    def count(self, rng: random.Random) -> AllowedCount:
        """The number, or about the number, of allowed orders."""
        everything = (1 << len(self.alphabet.letters)) - 1
        self.check_bounds()
        definite = self.parts(self.definite)
        if self.definite == everything:
            return self._count(definite, rng)
        # Only exact numbers can show that nothing else can come: an estimate is not worth making.
        number = _exactly(definite)
        # Letters that stand for any further value add an order as soon as one of them may come: if
        # the number is the same with them as without, none can.
        if not number or number != _exactly(self.parts(everything)):
            raise _NotCountable(f"no property lists every value of {self._open_fields()}")
        return self._count(definite, rng)

    def check_bounds(self) -> None:
        """Raise _NotCountable if some line may come without end."""
        limited, before = 0, -1
        # To a fixed point: what limits one letter may itself have to be limited first.
        while limited != before:
            before = limited
            for atom in self.atoms:
                limited |= atom.limited(limited)
        for number, letter in enumerate(self.alphabet.letters):
            if not limited >> number & 1:
                raise _NotCountable(f"nothing limits how often a {letter.event} line comes")

    def _open_fields(self) -> str:
        """The fields that can hold what no property lists."""
        names = dict.fromkeys(
            f"{letter.event}.{self._names[letter.event][index]}"
            for letter in self.alphabet.letters
            for index, part in enumerate(letter.fields)
            if part is Placeholder.OTHER
        )
        return ", ".join(names)

    def _count(self, parts: Sequence[CountedPart], rng: random.Random) -> AllowedCount:
        """How many orders all parts have together.

        Exactly, or by an estimate if some part is too large. Parts share no letters, so that each
        order of each may be shuffled with any of the others'.
        """
        known: list[Lengths] = []
        large: list[CountedPart] = []
        for part in parts:
            if part.lengths is None:
                large.append(part)
            else:
                known.append(part.lengths)
        total = reduce(shuffled, known, {0: 1})
        if not large or not total:
            return AllowedCount(exact=sum(total.values()), uncovered=self.uncovered)
        found = estimate(total, large, _samples(large), rng)
        if found is None:
            raise _NotCountable("too many states, and every random walk ended in a dead end")
        return AllowedCount(estimate=found.value, error=found.error, uncovered=self.uncovered)


def _exactly(parts: Sequence[CountedPart]) -> int | None:
    """How many orders the parts allow, if that takes no estimate."""
    lengths = [part.lengths for part in parts]
    known = [found for found in lengths if found is not None]
    return sum(reduce(shuffled, known, {0: 1}).values()) if len(known) == len(lengths) else None


def _settled(rules: Iterable[Rule], listed: frozenset[Key]) -> frozenset[Key]:
    return frozenset(
        key
        for rule in rules
        if isinstance(rule, Relation | Each)
        for key in settled_fields(rule, listed)
    )


def _samples(parts: Iterable[CountedPart]) -> int:
    """As many walks as the effort allows; a walk tries every letter at each of its lines."""
    tried = sum(len(part.letters) ** 2 for part in parts)
    return max(50, min(SAMPLES, WALK_EFFORT // max(1, tried)))
