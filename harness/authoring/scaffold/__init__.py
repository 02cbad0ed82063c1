"""A new pair: both programs, a spec that holds of them, and the crate's place in the workspace."""

from __future__ import annotations

from harness.authoring.scaffold.pair import Scaffolded, scaffold

__all__ = ["Scaffolded", "scaffold"]
