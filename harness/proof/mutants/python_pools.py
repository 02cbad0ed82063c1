"""Pools of threads: how many jobs they get, and whether they have a thread for each."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from harness.proof.mutants.python_source import PythonSource, holds, name_called

_LEAST_THREADS = 5
"""What a pool that nobody tells a number has on one core: four more than there are."""


def has_room(source: PythonSource, mutated: PythonSource, at: int) -> bool:
    """Whether ``max_workers`` is changed from enough for all jobs to another number that is.

    ThreadPoolExecutor starts a thread when a job is submitted and no thread
    is idle, up to ``max_workers``; with no more jobs than that it never
    looks at the bound again. Jobs are counted where each is submitted by a
    line of its own, outside of loops and functions.
    """
    before, after = (_pool_around(each, at) for each in (source, mutated))
    if before is None or after is None:
        return False
    jobs = jobs_of(before[0])
    return jobs is not None and jobs <= min(before[1], after[1])


def has_thread_for_each(source: PythonSource, job: ast.stmt) -> bool:
    """Whether ``job`` is in a pool's block that has no more jobs than the pool has threads."""
    for block, _, room in _pools(source):
        if any(node is job for node in ast.walk(block)):
            jobs = jobs_of(block)
            return jobs is not None and jobs <= room
    return False


def _pool_around(source: PythonSource, at: int) -> tuple[ast.With, int] | None:
    """The pool whose number of threads is at ``at``."""
    for block, number, room in _pools(source):
        if number is not None and holds(source, number, at):
            return block, room
    return None


def _pools(source: PythonSource) -> Iterator[tuple[ast.With, ast.Constant | None, int]]:
    """Each ``with ThreadPoolExecutor(max_workers=3) as pool``: its number and what that is.

    Without a number it may have so many threads at least.
    """
    for node in source.nodes():
        match node:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call() as call, optional_vars=ast.Name())]
            ) if name_called(call) == "ThreadPoolExecutor":
                match call:
                    case ast.Call(
                        args=[],
                        keywords=[
                            ast.keyword(
                                arg="max_workers", value=ast.Constant(value=int(room)) as number
                            )
                        ],
                    ):
                        yield node, number, room
                    case ast.Call(args=[], keywords=[]):
                        yield node, None, _LEAST_THREADS


def jobs_of(block: ast.With) -> int | None:
    """How many jobs the block submits; None if that cannot be told."""
    pool = block.items[0].optional_vars
    assert isinstance(pool, ast.Name)  # noqa: S101 - the caller has matched it
    uses = [n for n in ast.walk(block) if isinstance(n, ast.Name) and n.id == pool.id]
    repeated = (
        ast.For, ast.While, ast.comprehension, ast.FunctionDef, ast.Lambda, ast.AsyncFunctionDef
    )  # fmt: skip
    if any(isinstance(node, repeated) for node in ast.walk(block)):
        return None
    jobs = [n for n in ast.walk(block) if isinstance(n, ast.Call) and _submits(n, pool.id)]
    return len(jobs) if len(jobs) == len(uses) - 1 else None


def _submits(call: ast.Call, pool: str) -> bool:
    """Whether a call gives work to the pool of that name."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr="submit"):
            return name == pool
        case _:
            return False
