"""Every family of properties, by the word that a spec uses for it.

The loader, the reference page and the audit all read this one mapping, so
that none of them can know a family that another does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.language.properties.base import Family

_NAMES = (
    "count", "values", "order", "sections", "overlap", "relation", "each", "agreement", "outcomes",
    "speed", "ending", "compile-error", "hang",
)  # fmt: skip


class _Families(Mapping[str, "Family"]):
    """Each family's module is imported when the family is asked for: most specs have two or three.

    The module is called as the family is, but for hyphens.
    """

    def __getitem__(self, name: str) -> Family:
        """The family of that name; raises KeyError if there is none."""
        if name not in _NAMES:
            raise KeyError(name)
        module = import_module(f"{__package__}.{name.replace('-', '_')}")
        family: Family = module.FAMILY
        return family

    def __contains__(self, name: object) -> bool:
        """Whether there is a family of that name; nothing is imported to say so."""
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the reference page."""
        return iter(_NAMES)

    def __len__(self) -> int:
        """How many families there are."""
        return len(_NAMES)


FAMILIES: Mapping[str, Family] = _Families()
"""In the order of the reference page."""
