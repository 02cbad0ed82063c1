"""A zoo: correct programs as other people write them, over all that waits, starts, draws, signals.

``python`` and ``rust`` hold programs of the standard libraries, ``packages`` such
as need more. Each is right, so that whatever is said against it under control
is a fault of control. ``python -m tests.zoo`` runs them all.
"""
