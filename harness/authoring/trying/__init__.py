"""Trying a program that nobody has said anything of yet: what plain runs do, and what others do."""

from harness.authoring.trying.programs import DEFAULT_SECONDS, Given, spec_of
from harness.authoring.trying.tried import Tried, open_trial, try_program

__all__ = ["DEFAULT_SECONDS", "Given", "Tried", "open_trial", "spec_of", "try_program"]
