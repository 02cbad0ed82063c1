"""A tool that one thread starts has not the mark of a run that another is starting."""

from __future__ import annotations

import sys
import threading

import pytest

from harness.machine.process.marks import can_mark, marked, new_mark
from harness.schedules import instrument

LIMIT = "import resource; print(resource.getrlimit(resource.RLIMIT_RTTIME)[0])"


@pytest.mark.skipif(not can_mark(), reason="nothing can be marked here")
def test_a_compiler_is_not_taken_for_a_part_of_a_run() -> None:
    """It waits until the run has been started: its limit is that of this process."""
    said: list[str] = []
    asked = threading.Thread(
        target=lambda: said.append(instrument._output_of([sys.executable, "-c", LIMIT]))
    )
    with marked(new_mark()):
        asked.start()
        asked.join(0.5)  # it would be at its end by then, or in the midst, with the mark
    asked.join()
    assert ["-1\n"] == said
