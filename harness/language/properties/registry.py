"""Every family of properties, by the word that a spec uses for it.

The loader, the reference page and the audit all read this one mapping, so
that none of them can know a family that another does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.properties import (
    agreement,
    compile_error,
    count,
    each,
    ending,
    hang,
    order,
    outcomes,
    overlap,
    relation,
    sections,
    speed,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.language.properties.base import Family

_MODULES = (
    count, values, order, sections, overlap, relation, each, agreement, outcomes, speed, ending,
    compile_error, hang,
)  # fmt: skip

FAMILIES: Mapping[str, Family] = {module.FAMILY.name: module.FAMILY for module in _MODULES}
"""In the order of the reference page."""
