"""Every rule has a Korean sentence that names what the English one names."""

from __future__ import annotations

import re

import pytest

from harness.language.declarations import Property, Spec
from harness.language.discovery import find_examples, load_all
from harness.language.properties.registry import FAMILIES
from harness.site.korean import with_particle
from harness.site.words import words_of
from tests.site.sample import CORPUS

PROPERTIES = [
    pytest.param(spec, prop, id=f"{spec.name}-{prop.name}")
    for spec in load_all(find_examples((CORPUS,)))
    for prop in spec.properties
]
_CODE = re.compile(r"`([^`]+)`")


@pytest.mark.parametrize(("spec", "prop"), PROPERTIES)
def test_the_korean_sentence_names_the_same_things(spec: Spec, prop: Property) -> None:
    """Lines, fields and programs stand between backticks in both."""
    korean = words_of("ko").about(spec).sentence(prop)
    english = words_of("en").about(spec).sentence(prop)
    assert set(_CODE.findall(english)) == set(_CODE.findall(korean))
    assert re.search("[가-힣]", korean)


@pytest.mark.parametrize(("spec", "prop"), PROPERTIES)
def test_no_sentence_has_a_name_that_only_the_spec_knows(spec: Spec, prop: Property) -> None:
    """It shows the line that is meant: no event's name, and no field with its event before it."""
    said = words_of("en").about(spec).sentence(prop)
    names = "|".join(re.escape(event.name) for event in spec.events)
    code = [part for part in _CODE.findall(said) if part not in {p.name for p in spec.programs}]
    lines = {event.pattern for event in spec.events}
    private = re.compile(rf"(?:{names})(?:\[[^\]]*\])?(?:\.\w+)?")
    assert [] == [part for part in code if private.fullmatch(part) and part not in lines]
    assert not re.search(r"\.\.=?\d", said)


def test_the_corpus_uses_every_family() -> None:
    """So the sentences of all twelve are seen above."""
    used = {param.values[1].family for param in PROPERTIES}  # type: ignore[union-attr]
    assert used == set(FAMILIES)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("`enter`", "`enter`와"),
        ("`lock`", "`lock`과"),
        ("락", "락과"),
        ("코드 2", "코드 2와"),
        ("코드 1", "코드 1과"),
        ("코드 3", "코드 3과"),
    ],
)
def test_a_particle_goes_by_the_sound(word: str, expected: str) -> None:
    """Korean chooses the form of a particle by how the word ends."""
    assert expected == with_particle(word, "과", "와")


@pytest.mark.parametrize("word", ["종료 코드 1", "종료 코드 2", "종료 코드 108", "시그널"])
def test_after_a_liquid_a_direction_has_no_vowel_of_its_own(word: str) -> None:
    """ㄹ is closed, and 으로 is 로 after it all the same."""
    assert f"{word}로" == with_particle(word, "으로", "로")
    assert "종료 코드 3으로" == with_particle("종료 코드 3", "으로", "로")
