"""From ``example.toml`` to a Spec: strict, and pure but for the reading of the example's files.

What is refused, and why, is decided in three steps: the shape of each table
(``events``, ``programs``, ``properties``, ``controls``), what its words refer
to (there, and in the families), and what the declarations say together
(``consistency``, ``orders``).
"""

from harness.language.spec.loader import SPEC_FILE, load_spec

__all__ = ["SPEC_FILE", "load_spec"]
