"""Proposals for a spec: what always held of many runs, the strongest first."""

from __future__ import annotations

from harness.authoring.propose.proposing import Proposed, propose, propose_from

__all__ = ["Proposed", "propose", "propose_from"]
