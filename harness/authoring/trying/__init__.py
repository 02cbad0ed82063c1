"""Trying a program that nobody has said anything of yet: what plain runs do, and what others do."""

from harness.authoring.trying.programs import Given, spec_of
from harness.authoring.trying.tried import Tried, open_trial, try_program

__all__ = ["Given", "Tried", "open_trial", "spec_of", "try_program"]
