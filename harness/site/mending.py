"""What a page tells of a corpus's exercises, and the Korean of what is to be done in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.language.corpus import corpus_of
from harness.language.declarations import Spec
from harness.language.exercises import EXERCISES_FILE, Exercise, exercises_of
from harness.site.texts import TextFault, Translations, faults_of, read_translations_at

TRANSLATION_FILE = EXERCISES_FILE.replace(".toml", ".ko.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldExercise:
    """An exercise, and the Korean of its task."""

    exercise: Exercise
    translations: Translations


def told_exercises(specs: Iterable[Spec]) -> tuple[ToldExercise, ...]:
    """The exercises on those examples; raises SpecError and TranslationError."""
    exercises = exercises_of(tuple(specs))
    corpora = dict.fromkeys(corpus_of(each.spec.directory) for each in exercises)
    korean = {corpus: read_translations_at(corpus / TRANSLATION_FILE) for corpus in corpora}
    return tuple(
        ToldExercise(exercise=each, translations=korean[corpus_of(each.spec.directory)])
        for each in exercises
    )


def faults_of_exercises(specs: Iterable[Spec]) -> Iterator[TextFault]:
    """What is wrong with the translations of the exercises.

    None is superfluous: the example of its exercise may only not be among ``specs``.
    """
    told = told_exercises(specs)
    texts = {each.exercise.spec.name: each.exercise.task for each in told}
    for translations in {each.translations.path: each.translations for each in told}.values():
        found = faults_of(texts, translations)
        yield from (fault for fault in found if fault.kind != "superfluous")
