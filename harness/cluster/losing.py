"""What is said of runs that each worker was lost with that had them."""

from __future__ import annotations

from harness.values.finding import Finding, Violation
from harness.values.messages import say
from harness.values.toolchain import Toolchain


def lost_finding(toolchain: Toolchain) -> Finding:
    """Nothing is known of them, and that is told."""
    return Finding(
        property="harness",
        why=say("harness.why"),
        violation=Violation(message=say("cluster.lost")),
        side=toolchain.side,
        toolchain=toolchain.label,
    )
