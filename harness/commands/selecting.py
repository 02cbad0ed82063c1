"""Which examples a call is about: by name, by what was changed, and by shard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from harness.commands.changes import changed_files, touched
from harness.commands.reporting import read_report
from harness.language.declarations import Spec
from harness.language.discovery import SpecFault, find_examples, load_each, select, split_selection
from harness.values.errors import UsageError
from harness.values.program import Side
from harness.values.report import Shard
from harness.values.toolchain import Toolchain


class _ShardType(click.ParamType[Shard]):
    """``2/5``."""

    name = "INDEX/COUNT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Shard:
        """The shard."""
        from harness.reports.sharding import parse_shard  # noqa: PLC0415 - seldom asked for

        try:
            return parse_shard(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)


shard_option = click.option(
    "--shard", type=_ShardType(), help="Only this part of the examples: 2/5 is the second of five."
)
times_option = click.option(
    "--times",
    metavar="REPORT",
    default="",
    help="Cut shards by the times in this JSON report of an earlier call; else evenly.",
)
changed_option = click.option(
    "--changed",
    metavar="[=REF]",
    is_flag=False,
    flag_value="HEAD",
    default=None,
    help="Only examples that differ from the git REF (HEAD, without one).",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The examples of one call in reading order, and which shard they are, if one was asked for."""

    specs: tuple[Spec, ...]
    faults: tuple[SpecFault, ...] = ()
    shard: Shard | None = None

    @property
    def directories(self) -> Mapping[str, str]:
        """Where each example lies, as seen from here, with forward slashes."""
        places = {spec.id: spec.directory for spec in self.specs}
        places |= {fault.example: fault.directory for fault in self.faults}
        return {name: Path(os.path.relpath(place)).as_posix() for name, place in places.items()}

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that the examples have, those included whose specs cannot be taken."""
        every = {side for spec in self.specs for side in spec.sides}
        every |= {side for fault in self.faults for side in fault.sides}
        return tuple(side for side in Side if side in every)


@dataclass(frozen=True, slots=True)
class ShardSetting:
    """What shards must have in common to be parts of one whole.

    ``toolchains`` is asked only where the examples are divided.

    ``times`` is the report of an earlier verification, by whose times the
    corpus is divided. It is named rather than found: a record that grows with
    each run would divide the corpus anew for each shard.
    """

    toolchains: Callable[[], Sequence[Toolchain]]
    times: str = ""

    @property
    def names(self) -> Iterable[str]:
        """The toolchains as they were asked for: machines may differ in their patch releases."""
        return (f"{each.side.value} {each.label} {each.os}" for each in self.toolchains())

    def seconds(self) -> Mapping[str, float]:
        """How long each example took, both sides with all toolchains together; empty if unknown."""
        total: dict[str, float] = {}
        for verdict in read_report(self.times).verdicts if self.times else ():
            total[verdict.example] = total.get(verdict.example, 0.0) + verdict.seconds
        return total


def choose_examples(
    words: Sequence[str],
    corpus: Path | None,
    *,
    changed: str | None,
    shard: Shard | None,
    under: ShardSetting,
) -> Selection:
    """The examples that a command line means. Only those are read.

    Raises NothingSelected for a word that means none; that a change touches
    none, or that a shard is empty, is nobody's mistake.
    """
    named, names = split_selection(words)
    corpora = (corpus,) if corpus else named
    directories = select(find_examples(corpora), names)
    if changed is not None:
        files = [file for each in corpora for file in changed_files(changed, each)]
        directories = touched(directories, files, corpora)
    if shard is not None:
        from harness.reports.sharding import choose_shard  # noqa: PLC0415 - as above

        directories, shard = choose_shard(directories, shard, under.seconds(), under=under.names)
    elif under.times:
        raise UsageError("--times says how shards are cut: expected --shard with it")
    loaded = load_each(directories)
    return Selection(specs=loaded.specs, faults=loaded.faults, shard=shard)
