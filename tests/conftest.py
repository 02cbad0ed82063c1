"""What holds of all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from harness.cli import hand_on_no_deafness

# How long a drawn example takes is the machine's business, and no test's: under load the usual
# deadline of 200 ms, or a slow drawing of data, would fail what is right.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("untimed")

# A test that was started in the background ignores what a program under test is sent.
hand_on_no_deafness()
