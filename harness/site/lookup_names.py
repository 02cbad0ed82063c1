"""What a program uses of its standard library, whatever its language. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from harness.site.lookup_python import names_in_python
from harness.site.lookup_rust import names_in_rust
from harness.values.program import Side

_READ: dict[Side, Callable[[str], frozenset[str]]] = {
    Side.PYTHON: names_in_python,
    Side.RUST: names_in_rust,
}


@cache
def names_in(side: Side, source: str) -> frozenset[str]:
    """The full names that a program uses; raises SyntaxError for what is no Python."""
    return _READ[side](source)
