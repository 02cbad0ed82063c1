"""Reporters: each is a pure function of what the runner told; none of them decides anything."""
