"""From a source to its mutants: in order, each once, none that is plainly broken."""

from __future__ import annotations

import ast
import difflib
import hashlib
import platform
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from harness.language.declarations import Spec
from harness.language.python_syntax import parsed
from harness.language.sources import source_of
from harness.proof.mutants.mutant import Change, Mutant
from harness.proof.mutants.python_changes import python_changes
from harness.proof.mutants.rust_changes import rust_changes
from harness.proof.variants import Variant
from harness.values.program import Program, Side


def mutants_of(spec: Spec) -> tuple[Mutant, ...]:
    """The mutants of every program of ``spec``, in the order of its programs."""
    return tuple(
        mutant
        for program in spec.programs
        for mutant in make_mutants(spec.id, program, source_of(spec, program))
    )


def variant_of(spec: Spec, mutant: Mutant) -> Variant:
    """The mutant as a variant of its program, of which nobody knows what it breaks."""
    program = spec.program(mutant.side, mutant.program)
    assert program is not None  # noqa: S101 - mutants are made of programs
    return Variant(
        spec=spec,
        program=program,
        name=mutant.id,
        slug=f"{mutant.program}-{mutant.operator}-{mutant.mark}",
        breaks=(),
        text=mutant.source,
        line=mutant.line,
    )


def why_unread(spec: Spec, program: Program) -> str:
    """Why no mutants can be made of a program; empty if they can, if only by its own toolchain."""
    if program.side is Side.RUST:
        return ""
    try:
        _compile(source_of(spec, program))
    except (SyntaxError, ValueError) as error:
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) else ""
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        return f"expected a program of Python {platform.python_version()}, found {line}{message}"
    return ""


def make_mutants(example: str, program: Program, source: str) -> tuple[Mutant, ...]:
    """The mutants of one program, from the top of its ``source`` down.

    No two have the same text, and each Python mutant compiles. A Python
    source that does not compile itself has none: see ``why_unread``.
    """
    seen = {source}
    ordinals: Counter[str] = Counter()
    mutants: list[Mutant] = []
    for change in sorted(_changes(program.side, source), key=_place):
        changed = change.apply(source)
        if changed not in seen and _is_worth_trying(program.side, source, changed):
            seen.add(changed)
            mutant = _mutant(example, program, source, change)
            ordinals[mutant.mark] += 1
            mutants.append(_apart(mutant, ordinals[mutant.mark]))
    return tuple(mutants)


def _place(change: Change) -> tuple[int, str]:
    return change.start, change.operator.value


def _changes(side: Side, source: str) -> Iterator[Change]:
    """Each change of a program; none of a Python program that is no Python here."""
    match side:
        case Side.PYTHON:
            return python_changes(source) if _tree(source) is not None else iter(())
        case Side.RUST:
            return rust_changes(source)
        case _:
            assert_never(side)


def _is_worth_trying(side: Side, source: str, changed: str) -> bool:
    """Whether a Python text compiles and means another program; what rustc takes it knows best."""
    if side is Side.RUST:
        return True
    tree, original = _tree(changed), _tree(source)
    return tree is not None and original is not None and ast.dump(tree) != ast.dump(original)


def _tree(source: str) -> ast.Module | None:
    """What the source is parsed to; ``None`` where this Python cannot compile it."""
    try:
        return _compile(source)
    except (SyntaxError, ValueError):
        return None


def _compile(source: str) -> ast.Module:
    """Compiled, too: some errors (a ``return`` outside of a function) no parser tells.

    Raises SyntaxError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source, "<mutant>", "exec", dont_inherit=True)
        return parsed(source)


def _mutant(example: str, program: Program, source: str, change: Change) -> Mutant:
    """The mutant that a change makes; its mark stays the same as long as its own lines do."""
    changed = change.apply(source)
    diff = _diff(program.path, source, changed)
    return Mutant(
        example=example,
        side=program.side,
        program=program.name,
        path=program.path,
        operator=change.operator.value,
        line=source.count("\n", 0, change.start) + 1,
        original=source,
        source=changed,
        diff=diff,
        mark=_digest(change.operator.value, _changed_lines(diff)),
    )


def _apart(mutant: Mutant, number: int) -> Mutant:
    """The mutant; if the same lines are changed elsewhere in the same way, with another mark."""
    return mutant if number == 1 else replace(mutant, mark=_digest(mutant.mark, str(number)))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=3).hexdigest()


def _diff(path: str, source: str, changed: str) -> str:
    before, after = source.split("\n"), changed.split("\n")
    return "\n".join(difflib.unified_diff(before, after, path, path, n=1, lineterm=""))


def _changed_lines(diff: str) -> str:
    """The lines that differ, without where they stand."""
    lines = diff.split("\n")[2:]
    return "\n".join(line for line in lines if line[:1] in {"-", "+"})
