"""What is true of an example: each property with its reason, its sentence and its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.language.declarations import Property
from harness.language.properties.outcomes import Outcomes
from harness.record import Summary
from harness.site.data import PageData, Seen
from harness.site.texts import Translations
from harness.site.words import Phrase, Words
from harness.values.program import Scope, Side


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

    ``programs`` are named where it is not about main alone, main with the others.
    ``proof`` is its evidence in a word or two, ``is_bad`` says that it did not hold.
    ``plain`` and ``plain_interleavings`` are of the runs that the system scheduled.
    """

    name: str
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
    schedules: int
    interleavings: int
    plain_interleavings: int
    allowed: str
    toolchains: tuple[str, ...]
    left_out: tuple[tuple[str, Phrase], ...]
    outcomes: tuple[OutcomeView, ...]
    audit: str
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessView:
    """What most would guess, what is true instead, and the properties that check it."""

    guess: str
    truth: str
    by: tuple[str, ...]


def guess_views(data: PageData, words: Words, translations: Translations) -> tuple[GuessView, ...]:
    """All guesses in the order of the spec."""
    return tuple(
        GuessView(
            guess=words.text(translations, f"guess {guess.name}", guess.guess),
            truth=words.text(translations, f"guess {guess.name}: truth", guess.truth),
            by=guess.by,
        )
        for guess in data.spec.guesses
    )


def property_views(
    data: PageData, words: Words, translations: Translations
) -> tuple[PropertyView, ...]:
    """All properties in the order of the spec."""
    return tuple(_property_view(data, prop, words, translations) for prop in data.spec.properties)


def _property_view(
    data: PageData, prop: Property, words: Words, translations: Translations
) -> PropertyView:
    concerned = [seen for seen in data.seen if _concerns(prop, seen)]
    checked = [seen for seen in concerned if prop.name not in seen.left_out]
    audit = (
        words.text(translations, f"property {prop.name}: audit", prop.audit) if prop.audit else ""
    )
    return PropertyView(
        name=prop.name,
        why=words.text(translations, f"property {prop.name}", prop.why),
        sentence=words.sentence(prop),
        family=prop.family,
        side=prop.side.value if prop.side else "",
        programs=_programs(prop),
        is_some_run=prop.scope is Scope.SOME_RUN,
        proof=_proof(prop, checked, words),
        is_bad=any(seen.total.broke.get(prop.name) for seen in checked),
        runs=sum(seen.total.runs for seen in checked),
        plain=sum(seen.plain.runs for seen in checked),
        schedules=len({strategy for seen in checked for strategy in seen.strategies}),
        interleavings=_interleavings(checked, [seen.total for seen in checked]),
        plain_interleavings=_interleavings(checked, [seen.plain for seen in checked]),
        allowed=_allowed(checked),
        toolchains=tuple(dict.fromkeys(seen.toolchain.title for seen in checked)),
        left_out=_left_out(prop, concerned, words),
        outcomes=tuple(_outcome_views(prop, checked, words, translations)),
        audit=audit,
        refusals=tuple(
            dict.fromkeys(r.toolchain for r in data.refusals if _is_of(prop, r.program))
        ),
    )


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


def _allowed(checked: list[Seen]) -> str:
    """How many there can be, where all sides have the same count."""
    counts = {seen.allowed.short for seen in checked}
    return counts.pop().replace("?", "") if len(counts) == 1 else ""


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
            text=words.phrase(entry.told).text,
            grade=words.grade(entry.grade),
            grade_key=entry.grade,
            why=words.text(translations, role, entry.why) if entry.why else "",
            times=tuple(counts.get(entry.text, {}).items()),
            plain_times=tuple(natural.get(entry.text, {}).items()),
        )


def _outcome_counts(
    prop: Property, rule: Outcomes, checked: list[tuple[Seen, Summary]]
) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for side in Side:
        for seen, summary in checked:
            if seen.program.side is not side:
                continue
            for text, times in summary.outcomes.get(prop.name, {}).items():
                entry = _entry_of(rule, text)
                of_side = counts.setdefault(entry, {})
                of_side[side.value] = of_side.get(side.value, 0) + times
    return counts


def _entry_of(rule: Outcomes, text: str) -> str:
    """The entry that an outcome, kept as text, belongs to: the same text, or the only open one."""
    for entry in rule.entries:
        if entry.text == text:
            return entry.text
    values = tuple(_value(part) for part in text.split(", "))
    return next((entry.text for entry in rule.entries if entry.takes(values)), text)


def _value(text: str) -> int | float | str:
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text
