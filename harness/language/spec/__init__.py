"""From ``example.toml`` and ``breaks.toml`` to a Spec: strict, and pure but for reading files.

What is refused, and why, is decided in three steps: the shape of each table
(``events``, ``programs``, ``properties``, ``variants``), what its words refer
to (there, and in the families), and what the declarations say together
(``consistency``, ``orders``).
"""

from harness.language.spec.loader import load_spec

__all__ = ["load_spec"]
