"""``[guess.NAME]``: where the obvious guess about the programs is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from harness.language.declarations import Guess, Property
from harness.language.spec.names import is_name
from harness.language.tables import Table
from harness.values.words import listed, nearest


def parse_guesses(table: Table, properties: Iterable[Property]) -> tuple[Guess, ...]:
    """The guesses of a spec, in its order; each names the properties that check its truth."""
    guesses = table.table("guess", {})
    known = [prop.name for prop in properties]
    return tuple(_parse_guess(guesses, name, known) for name in guesses.keys)


def _parse_guess(guesses: Table, name: str, known: list[str]) -> Guess:
    """A guess, the truth, and the properties that check it: one at least."""
    if not is_name(name):
        guesses.fail(name, f'expected a name such as "who-is-first", found "{name}"')
    table = guesses.table(name)
    guess = Guess(
        name=name, guess=table.text("guess"), truth=table.text("truth"), by=table.texts("by")
    )
    if not guess.by:
        table.fail("by", "expected the properties that check the truth, found none")
    for prop in guess.by:
        if prop not in known:
            table.fail(
                "by",
                f'expected a property of this spec, found "{prop}"{nearest(prop, known)}; '
                f"known: {listed(known)}",
            )
    table.finish()
    return guess
