"""Frozen values that one part hands to another, and words: imports nothing of the harness."""
