"""What a run gave, whatever the order of its lines and the time it took. Pure."""

from __future__ import annotations

from collections.abc import Hashable

from harness.judging.claims import Claims
from harness.judging.judge import stderr_events
from harness.judging.stderr import parse_stderr
from harness.judging.trace import read_trace
from harness.language.properties.ending import ending_text
from harness.values.program import Side
from harness.values.run import Run

Print = tuple[Hashable, ...]


def print_of(claims: Claims, run: Run) -> Print:
    """What the run gave: which lines, how often each, what it reported, and how it ended."""
    trace = read_trace(run.stdout, claims.stdout, mend=run.side is Side.PYTHON)
    stderr = parse_stderr(run.stderr, lambda line: claims.stderr.match(line) is not None)
    lines = (
        (line.event or line.text, tuple(v for v in line.fields if not isinstance(v, float)))
        for line in (*trace.lines, *stderr_events(claims, stderr, after=0))
    )
    reports = sorted(f"{report.thread}: {report.headline}" for report in stderr.reports)
    return ending_text(run.ending), (*sorted(lines, key=repr), *reports)
