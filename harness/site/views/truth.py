"""What is true of an example: each property with its reason, its sentence and its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from harness.language.declarations import Property, Spec
from harness.language.properties.outcomes import Outcomes
from harness.record.reading import Summary
from harness.site.data import PageData, Seen, entry_of
from harness.site.texts import Translations
from harness.site.words import Phrase, Words
from harness.values.program import Scope, Side

TELLING = 3
"""Properties that a page shows at once, and those that did not hold; the others are folded."""

LONG = 2
"""As many of them where the next would be a table about a program that is folded, too."""

_MOST_TELLING = (
    "compile-error",
    "hang",
    "outcomes",
    "sometimes",
    "sections",
    "speed",
    "ending",
    "relation",
    "overlap",
    "each",
    "order",
    "agreement",
    "count",
    "values",
)
"""Families, and what some run shows: what is about all threads before what is about one line.

A family that is not among them comes after those that are.
"""

_RANKS = {told: rank for rank, told in enumerate(_MOST_TELLING)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """One outcome that the spec grades; ``times`` says how often each side showed it."""

    text: str
    grade: str
    grade_key: str
    why: str
    times: tuple[tuple[str, int], ...] = ()
    plain_times: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyView:
    """One property. ``side`` is named where it is not about both.

    ``number`` is what a page calls it by: the most telling is the first.
    ``is_folded`` says that it says little to who reads the page for the first time; ``has_legend``
    that its figures are the first ones of their kind, which are explained.

    ``programs`` are named where it is not about main alone, main with the others.
    ``proof`` is its evidence in a word or two, ``is_bad`` says that it did not hold.
    ``plain`` and ``plain_interleavings`` are of the runs that the system scheduled.
    """

    name: str
    key: str
    number: int
    is_folded: bool
    why: str
    sentence: str
    family: str
    side: str
    programs: tuple[str, ...]
    is_some_run: bool
    proof: str
    is_bad: bool
    runs: int
    plain: int
    interleavings: int
    plain_interleavings: int
    allowed: str
    toolchains: tuple[str, ...]
    left_out: tuple[tuple[str, Phrase], ...]
    outcomes: tuple[OutcomeView, ...]
    audit: str
    refusals: tuple[str, ...]
    has_legend: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessView:
    """What most would guess, what is true instead, and the properties that check it."""

    guess: str
    truth: str
    by: tuple[ClaimLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLink:
    """How another part of the page names a property: by its number and its sentence."""

    name: str
    number: int
    sentence: str


def claim_links(data: PageData, words: Words) -> Mapping[str, ClaimLink]:
    """The properties by name, numbered as the page tells them."""
    return {
        prop.name: ClaimLink(name=prop.name, number=number, sentence=words.sentence(prop))
        for number, prop in enumerate(most_telling_first(data.spec), 1)
    }


def guess_views(data: PageData, words: Words, translations: Translations) -> tuple[GuessView, ...]:
    """All guesses in the order of the spec."""
    links = claim_links(data, words)
    return tuple(
        GuessView(
            guess=words.text(translations, f"guess {guess.name}", guess.guess),
            truth=words.text(translations, f"guess {guess.name}: truth", guess.truth),
            by=tuple(links[name] for name in guess.by if name in links),
        )
        for guess in data.spec.guesses
    )


def property_views(
    data: PageData, words: Words, translations: Translations
) -> tuple[PropertyView, ...]:
    """All properties, the most telling first."""
    views = [
        _property_view(data, prop, number, words, translations)
        for number, prop in enumerate(most_telling_first(data.spec), 1)
    ]
    first = next((view.number for view in views if view.outcomes), 0)
    return tuple(replace(view, has_legend=view.number == first) for view in views)


def most_telling_first(spec: Spec) -> tuple[Property, ...]:
    """What checks the truth behind a guess; then what tells most, by family; then as declared."""
    guessed = [name for guess in spec.guesses for name in guess.by]

    def rank(prop: Property) -> tuple[bool, int]:
        told = "sometimes" if prop.scope is Scope.SOME_RUN else prop.family
        return prop.name not in guessed, _RANKS.get(told, len(_RANKS))

    return tuple(sorted(spec.properties, key=rank))


def _property_view(
    data: PageData, prop: Property, number: int, words: Words, translations: Translations
) -> PropertyView:
    """A property with all that is known of it; what broke is never folded away."""
    concerned = [seen for seen in data.seen if _concerns(prop, seen)]
    checked = [seen for seen in concerned if prop.name not in seen.left_out]
    audit = (
        words.text(translations, f"property {prop.name}: audit", prop.audit) if prop.audit else ""
    )
    is_bad = any(seen.total.broke.get(prop.name) for seen in checked)
    return PropertyView(
        name=prop.name,
        key=prop.key,
        number=number,
        is_folded=not is_bad and (number > TELLING or _is_long(prop, number)),
        why=words.text(translations, f"property {prop.name}", prop.why),
        sentence=words.sentence(prop),
        family=prop.family,
        side=prop.side.value if prop.side else "",
        programs=_programs(prop),
        is_some_run=prop.scope is Scope.SOME_RUN,
        proof=_proof(prop, checked, words),
        is_bad=is_bad,
        runs=sum(seen.total.runs for seen in checked),
        plain=sum(seen.plain.runs for seen in checked),
        interleavings=_interleavings(checked, [seen.total for seen in checked]),
        plain_interleavings=_interleavings(checked, [seen.plain for seen in checked]),
        allowed=_allowed(data.spec, checked),
        toolchains=tuple(dict.fromkeys(seen.toolchain.title for seen in checked)),
        left_out=_left_out(prop, concerned, words),
        outcomes=tuple(_outcome_views(prop, checked, words, translations)),
        audit=audit,
        refusals=tuple(
            dict.fromkeys(r.toolchain for r in data.refusals if _is_of(prop, r.program))
        ),
    )


def _is_long(prop: Property, number: int) -> bool:
    """Whether it is a further table of outcomes, of a program that itself is folded."""
    is_of_further = not any(name.rpartition(":")[2] == "main" for name in prop.programs)
    return number > LONG and bool(prop.programs) and is_of_further and prop.family == "outcomes"


def _programs(prop: Property) -> tuple[str, ...]:
    """The programs that it is about, unless that is main alone."""
    names = tuple(dict.fromkeys(name.rpartition(":")[2] for name in prop.programs))
    return () if names == ("main",) else names


def _proof(prop: Property, checked: list[Seen], words: Words) -> str:
    """What the record says of a property: violations, or how often some run showed it."""
    if prop.family == "compile-error":
        return words.say("true.build")
    if not any(seen.total.runs for seen in checked):
        return ""
    if prop.rule.is_across:
        return words.say("true.compared")
    if prop.scope is Scope.SOME_RUN:
        shown = sum(seen.witnessed.get(prop.name, 0) for seen in checked)
        return words.say(
            "true.witnessed",
            n=shown,
            kept=sum(seen.kept for seen in checked),
            natural=sum(seen.plain_witnessed.get(prop.name, 0) for seen in checked),
            plain=sum(seen.plain_kept for seen in checked),
        )
    broke = sum(seen.total.broke.get(prop.name, 0) for seen in checked)
    if not broke:
        return words.say("true.no_violation")
    natural = sum(seen.plain.broke.get(prop.name, 0) for seen in checked)
    return words.say("true.violations", plain=natural, n=broke)


def _interleavings(checked: list[Seen], summaries: list[Summary]) -> int:
    """How many different ones were seen, on whatever side; of several programs, none is meant."""
    if len({seen.program.name for seen in checked}) != 1:
        return 0
    return len({signature for summary in summaries for signature in summary.interleavings})


def _allowed(spec: Spec, checked: list[Seen]) -> str:
    """How many there can be, where all have the same count, and it is of the same orders."""
    counts = {seen.allowed.short for seen in checked}
    claims = {
        tuple(p.name for p in spec.properties if _concerns(p, seen) and p.name not in seen.left_out)
        for seen in checked
    }
    return counts.pop().replace("?", "") if len(counts) == len(claims) == 1 else ""


def _concerns(prop: Property, seen: Seen) -> bool:
    return prop.covers(seen.program) and prop.rule.judges(seen.program)


def _is_of(prop: Property, program: str) -> bool:
    return prop.family == "compile-error" and program in prop.programs


def _left_out(
    prop: Property, concerned: list[Seen], words: Words
) -> tuple[tuple[str, Phrase], ...]:
    """The toolchains under which it does not apply, each with the reason."""
    reasons = {
        seen.toolchain.title: words.phrase(seen.left_out[prop.name])
        for seen in concerned
        if prop.name in seen.left_out
    }
    return tuple(reasons.items())


def _outcome_views(
    prop: Property, checked: list[Seen], words: Words, translations: Translations
) -> Iterator[OutcomeView]:
    """The graded outcomes with their frequencies; an outcome counts for the first entry it fits."""
    if not isinstance(prop.rule, Outcomes):
        return
    counts = _outcome_counts(prop, prop.rule, [(seen, seen.total) for seen in checked])
    natural = _outcome_counts(prop, prop.rule, [(seen, seen.plain) for seen in checked])
    for entry in prop.rule.entries:
        role = f"property {prop.name}: {entry.text}"
        yield OutcomeView(
            text=words.outcome(prop.rule, entry),
            grade=words.grade(entry.grade),
            grade_key=entry.grade,
            why=words.text(translations, role, entry.why) if entry.why else "",
            times=tuple(counts.get(entry.text, {}).items()),
            plain_times=tuple(natural.get(entry.text, {}).items()),
        )


def _outcome_counts(
    prop: Property, rule: Outcomes, checked: list[tuple[Seen, Summary]]
) -> dict[str, dict[str, int]]:
    """How often each entry came, by side; outcomes that no entry takes stand as they are."""
    counts: dict[str, dict[str, int]] = {}
    for side in Side:
        for seen, summary in checked:
            if seen.program.side is not side:
                continue
            for text, times in summary.outcomes.get(prop.name, {}).items():
                entry = found.text if (found := entry_of(rule, text)) else text
                of_side = counts.setdefault(entry, {})
                of_side[side.value] = of_side.get(side.value, 0) + times
    return counts
