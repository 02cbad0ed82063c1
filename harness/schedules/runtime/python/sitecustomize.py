"""Starts the controlled scheduler in a run that is under a schedule; does nothing in any other."""

import os

if "HARNESS_SCHEDULE" in os.environ or "HARNESS_SCHEDULE_REQUEST" in os.environ:
    import controlled_threads  # type: ignore[import-not-found] # found on the path of the run

    controlled_threads.start(os.path.dirname(os.path.abspath(__file__)))
