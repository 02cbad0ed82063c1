"""What a run shows of what is claimed: pure, from bytes to a verdict."""
