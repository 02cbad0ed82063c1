"""What Korean asks of a sentence that names are put into: particles go by the sound of the word."""

from __future__ import annotations

_FINALS = frozenset("013678lmnkpbg")
"""Letters and digits that Korean reads with a closing consonant at the end."""

_LIQUIDS = frozenset("178l")
"""Those that it reads with a closing ㄹ, after which 으로 is 로."""

_SYLLABLES = 28
"""Syllables in a row of the script that differ by their closing consonant alone; 8 is ㄹ."""


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """A word in backticks or not, with the form of a particle that its sound asks for."""
    last = next((c for c in reversed(word.lower()) if c.isalnum()), "")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % _SYLLABLES
        is_closed, is_liquid = bool(final), final == 8
    else:
        is_closed, is_liquid = last in _FINALS, last in _LIQUIDS
    if after_consonant == "으로" and is_liquid:
        return word + after_vowel
    return word + (after_consonant if is_closed else after_vowel)
