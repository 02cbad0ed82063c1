"""A book's corpus: the sample site's pairs, as if each had been verified as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.books.shelf import Shelf
from harness.language.declarations import Spec
from harness.record.verdicts import save_verdicts
from harness.values.report import Outcome, Verdict
from tests.site.sample import sample_corpus, sample_state


def verdicts_of(spec: Spec, outcome: Outcome = Outcome.PASSED) -> tuple[Verdict, ...]:
    """The same verdict on each side."""
    labels = {"python": "3.11", "rust": "stable"}
    return tuple(
        Verdict(example=spec.id, side=side, toolchain=labels[side.value], outcome=outcome)
        for side in spec.sides
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The pairs with their runs, each verified; the corpus is ``corpus`` in a book ``book``."""
    specs = sample_corpus(tmp_path / "book" / "corpus")
    state = tmp_path / "book" / "corpus" / ".harness"
    sample_state(state, specs)
    for spec in specs:
        save_verdicts(state, [spec], verdicts_of(spec))
    return Shelf(tmp_path / "book" / "corpus", state)
