"""A new corpus, and a new pair: programs, a spec that holds of them, a place in the workspace."""

from __future__ import annotations

from harness.authoring.scaffold.beginning import Begun, begin
from harness.authoring.scaffold.pair import Scaffolded, is_taken_word, place_example, scaffold

__all__ = ["Begun", "Scaffolded", "begin", "is_taken_word", "place_example", "scaffold"]
