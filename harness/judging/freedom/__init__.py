"""The freedom that a spec leaves: how many interleavings it allows, and which.

Reckoned from what the properties declare, apart from the monitors that check
it.
"""

from harness.judging.freedom.allowed import AllowedCount, allowed_interleavings, random_allowed
from harness.judging.freedom.recorded import Reinterleavings

__all__ = ["AllowedCount", "Reinterleavings", "allowed_interleavings", "random_allowed"]
