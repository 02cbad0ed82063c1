"""``--cluster`` and ``--resume``: runs that are made by the workers of a dask cluster.

Nothing of ``harness.cluster`` is imported before somebody asks for one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.bench.options import Options
from harness.language.declarations import Spec
from harness.machine.cores import allowed_cores
from harness.machine.toolchains import ChosenToolchains, ToolchainRequest
from harness.values.errors import HarnessError, UsageError
from harness.values.program import Side
from harness.values.toolchain import Toolchain
from harness.values.words import visible

if TYPE_CHECKING:
    from harness.cluster.connection import Cluster
    from harness.cluster.journal import Journal

cluster_option = click.option(
    "--cluster",
    "cluster",
    metavar="ADDRESS",
    default=None,
    help="Let the workers of a dask cluster do it: tcp://HOST:8786, or local for one of our own.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustered:
    """The cluster that a command was given; ``resumes``: it goes on with an earlier call."""

    cluster: Cluster
    resumes: bool = False
    serves: bool = True
    state: Path | None = None

    def choose(self, wanted: ToolchainRequest, sides: Iterable[Side]) -> ChosenToolchains:
        """The toolchains of the workers that are meant; raises ToolchainMissing."""
        from harness.cluster.toolchains import choose  # noqa: PLC0415 - see the module

        return choose(wanted, sides, self.cluster.offers)

    @contextlib.contextmanager
    def begun(
        self,
        specs: Sequence[Spec],
        toolchains: Sequence[Toolchain],
        options: Options,
        **asked: Any,
    ) -> Iterator[Journal]:
        """All workers made ready for these examples, and what is kept of their work.

        ``asked`` are further fields of ``Call``. Where it is not done to the end, a word says that
        it can be gone on with.

        A ClusterLost that comes out of the block says then what has been kept.
        """
        from harness.cluster.calling import make_call  # noqa: PLC0415 - see the module
        from harness.cluster.dispatch import ClusterLost  # noqa: PLC0415
        from harness.cluster.journal import Journal, name_of  # noqa: PLC0415

        call = make_call(specs, options, serves=self.serves, state=self.state, **asked)
        self.cluster.begin(call)
        name = name_of(call, tuple(toolchains), tuple(spec.id for spec in specs))
        journal = Journal(options.state, name, goes_on=self.resumes)
        if self.resumes and not len(journal):
            _note("--resume: there is nothing to go on with: this begins anew")
        is_whole = False
        try:
            yield journal
            is_whole = True
        except ClusterLost as lost:
            raise ClusterLost(f"{lost}; {_kept(journal)}") from lost
        except (KeyboardInterrupt, HarnessError):
            _note(_kept(journal))
            raise
        finally:
            journal.close(is_whole=is_whole)


def _kept(journal: Journal) -> str:
    done = len(journal)
    lots = "1 lot of work is" if done == 1 else f"{done:,} lots of work are"
    return f"{lots} done and kept: the same with --resume goes on from there"


def _note(text: str) -> None:
    click.echo(f"harness: {visible(text)}", err=True)


def cluster_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command ``--cluster`` and ``--resume``; it takes ``clustered``, or ``None``.

    It has ``--state-dir``, ``--jobs`` and ``--no-server`` as well.
    """

    @cluster_option
    @click.option(
        "--resume", is_flag=True, help="With --cluster: go on where the same call was ended."
    )
    @wraps(command)
    def with_cluster(*, cluster: str | None, resume: bool, **others: Any) -> int:
        if cluster is None:
            if resume:
                raise UsageError("--resume goes on with what --cluster began: expected it as well")
            return command(clustered=None, **others)
        state: Path = others["state_dir"]
        with open_cluster(cluster, state, others.get("jobs")) as opened:
            opened.require_workers()
            is_local = opened.is_local
            return command(
                clustered=Clustered(
                    cluster=opened,
                    resumes=resume,
                    serves=not others.get("no_server"),
                    state=state if is_local else None,
                ),
                **others,
            )

    return with_cluster


@contextlib.contextmanager
def open_cluster(where: str, state: Path, jobs: int | None) -> Iterator[Cluster]:
    """The cluster at that address, its workers asked; raises UsageError if there is none."""
    from harness.cluster.connection import connected  # noqa: PLC0415 - see the module

    with connected(where, state, jobs or allowed_cores(), _note) as cluster:
        cluster.survey()
        yield cluster
