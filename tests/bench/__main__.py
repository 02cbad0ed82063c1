"""``python -m tests.bench [PART…]``: print the figures of all parts, or of these."""

from __future__ import annotations

import sys

from tests.bench import (
    agreement,
    bugs,
    classics,
    clustered,
    cost,
    coverage,
    features,
    large,
    lines,
    litmus,
    odd,
    own_tests,
    peers,
    python_reduction,
    reduction,
    replay,
    schedules,
    served,
    server,
    start_up,
    switches,
    tasks,
    traces,
    twins,
    wall,
)

PARTS = {
    "start-up": start_up.report,
    "cost": cost.report,
    "large": large.report,
    "late": classics.report_late,
    "lines": lines.report,
    "litmus": litmus.report,
    "odd": odd.report,
    "own-tests": own_tests.report,
    "peers": peers.report,
    "schedules": schedules.report,
    "server": server.report,
    "served": served.report,
    "replay": replay.report,
    "bugs": bugs.report,
    "agreement": agreement.report,
    "classics": classics.report,
    "clustered": clustered.report,
    "killed": clustered.killed,
    "coverage": coverage.report,
    "features": features.report,
    "switches": switches.report,
    "python-reduction": python_reduction.report,
    "reduction": reduction.report,
    "tasks": tasks.report,
    "traces": traces.report,
    "twins": twins.report,
    "wall": wall.report,
}

KEEPING = {"classics-kept": classics.keep}
"""What writes its figures where the documents have them from: only if it is named."""

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        (PARTS | KEEPING)[name]()
