"""The toolchains of the workers, put together: which there are, and which a call means."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from harness.cluster.lots import Offer
from harness.machine.toolchains import ChosenToolchains, ToolchainRequest, numbers
from harness.values.errors import ToolchainMissing, UsageError
from harness.values.program import Side
from harness.values.toolchain import Toolchain


def identity_of(toolchain: Toolchain) -> str:
    """What makes a toolchain of one worker the same as that of another, wherever it lies."""
    gil = {True: "gil", False: "free-threaded", None: "-"}[toolchain.has_gil]
    told = (toolchain.implementation or "rustc", toolchain.version, toolchain.release or "-", gil)
    return " ".join((toolchain.side.value, *told, toolchain.os))


def joined(offers: Iterable[Offer]) -> tuple[Toolchain, ...]:
    """Each toolchain once, with a label of its own on its side, and the fewest cores that it has.

    What is asked of cores is so asked of any worker that has it.
    """
    found: dict[str, Toolchain] = {}
    for toolchain in (each for offer in offers for each in offer.toolchains):
        known = found.setdefault(identity_of(toolchain), toolchain)
        found[identity_of(toolchain)] = replace(known, cores=min(known.cores, toolchain.cores))
    return tuple(_labelled(sorted(found.values(), key=_reading_order)))


def _reading_order(toolchain: Toolchain) -> tuple[bool, str, tuple[int, ...], str]:
    """As reports have them: Python before Rust, and numbers of versions as numbers."""
    is_rust = toolchain.side is Side.RUST
    return is_rust, toolchain.implementation, numbers(toolchain.version), identity_of(toolchain)


def _labelled(toolchains: Sequence[Toolchain]) -> Iterator[Toolchain]:
    """Where several have one label each is called by its exact version, and its system if need be.

    So the labels do not go by which worker came first.
    """
    labels = Counter((each.side, each.label) for each in toolchains)
    versions = Counter((each.side, each.version) for each in toolchains)
    for each in toolchains:
        if labels[each.side, each.label] == 1:
            yield each
        elif versions[each.side, each.version] == 1:
            yield replace(each, label=each.version)
        else:
            yield replace(each, label=identity_of(each).partition(" ")[2].replace(" ", "-"))


def choose(
    request: ToolchainRequest, sides: Iterable[Side], offers: Sequence[Offer]
) -> ChosenToolchains:
    """The toolchains of the workers that ``request`` means.

    Where none is named, it is the one that most workers would use by themselves. Raises
    ToolchainMissing with a line for each that no worker has, and UsageError for a path.
    """
    every = joined(offers)
    chosen: list[Toolchain] = []
    faults: list[str] = []
    for side in sides:
        there = [each for each in every if each.side is side]
        if names := request.named(side):
            for name in names:
                meant = _meant(name, there)
                if meant is None:
                    faults.append(_none_has(f'{side.value.capitalize()} "{name}"', there))
                elif meant not in chosen:
                    chosen.append(meant)
        elif not there:
            faults.append(_none_has(f"{side.value.capitalize()} toolchain", there))
        else:
            chosen += there if request.every else [_usual(side, there, offers)]
    if faults:
        raise ToolchainMissing("\n".join(faults))
    return ChosenToolchains(toolchains=tuple(chosen))


def _meant(name: str, there: Sequence[Toolchain]) -> Toolchain | None:
    """The newest that is called so: by its label, its version, or the beginning of that."""
    if os.sep in name:
        raise UsageError(
            f"{name}: a path means nothing to the workers of a cluster: name a version"
        )
    wanted = name.lower().removeprefix("python")
    by_label = [each for each in there if each.label.lower() == wanted]
    begins = [each for each in there if f"{each.version}.".startswith(f"{wanted}.")]
    found = by_label or [each for each in begins if each.has_gil is not False] or begins
    return max(found, key=lambda each: numbers(each.version)) if found else None


def _none_has(what: str, there: Sequence[Toolchain]) -> str:
    have = f"; there is {', '.join(each.label for each in there)}" if there else ""
    return f"no worker of the cluster has a {what}{have}"


def _usual(side: Side, there: Sequence[Toolchain], offers: Iterable[Offer]) -> Toolchain:
    """The toolchain of a side that most workers would take by themselves."""
    used = Counter(identity_of(each) for offer in offers if (each := offer.default(side)))
    return max(there, key=lambda each: used[identity_of(each)])
