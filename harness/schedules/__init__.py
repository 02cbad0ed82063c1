"""The ways to vary the interleaving of a program that is not changed."""
