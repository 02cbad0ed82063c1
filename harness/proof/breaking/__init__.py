"""Controls at work: a broken variant in a scratch copy, and the run that shows what it breaks."""

from harness.proof.breaking.kept import load_broken, save_broken
from harness.proof.breaking.trying import Trying, try_variants
from harness.proof.breaking.values import Broken, BrokenProperty, MarkedLine

__all__ = [
    "Broken",
    "BrokenProperty",
    "MarkedLine",
    "Trying",
    "load_broken",
    "save_broken",
    "try_variants",
]
