"""Random and mutated specs: whatever is in the file, it is a Spec or a SpecError, and soon."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.language.declarations import Spec
from harness.language.properties.registry import FAMILIES
from harness.language.spec.files import Files
from harness.language.spec.loader import load_spec, parse_spec
from harness.language.tables import Source
from harness.values.errors import SpecError
from tests.spec.examples import added, edited, write_example
from tests.spec.mutations import mutated

if TYPE_CHECKING:
    from pathlib import Path

COUNT = int(os.environ.get("SPEC_FUZZ_COUNT", "1500"))
FIRST = int(os.environ.get("SPEC_FUZZ_FIRST", "0"))
MOST = 500
"""The worst of files may take so many times the processor time that the usual one takes."""


def test_a_mutated_spec_is_taken_or_refused_with_its_place(tmp_path: Path) -> None:
    """No mutation of the corpus's specs is a traceback or a hang, and each refusal names the file.

    ``SPEC_FUZZ_COUNT`` and ``SPEC_FUZZ_FIRST`` choose which mutations are tried.
    """
    specs = {path: path.read_text(encoding="utf-8") for path in copied_corpus(tmp_path)}
    seen: Counter[bool] = Counter()
    seconds: list[float] = []
    for number in range(FIRST, FIRST + COUNT):
        is_one, took = tried(specs, number)
        seen[is_one] += 1
        seconds.append(took)
    most = MOST * statistics.median(seconds)
    slow = [FIRST + at for at, took in enumerate(seconds) if took >= most]
    # Once it may have been the collection of garbage, or a processor that others wore out.
    assert [] == [number for number in slow if min(tried(specs, number)[1] for _ in "123") >= most]
    assert COUNT < 100 or all(seen[taken] > COUNT / 50 for taken in (True, False))


def tried(specs: Mapping[Path, str], number: int) -> tuple[bool, float]:
    """Whether the mutation of that number is taken, and in how much processor time that is told."""
    path = list(specs)[number % len(specs)]
    path.write_bytes(mutated(specs[path], number))
    started = time.process_time()
    is_one = is_taken(path, number)
    took = time.process_time() - started
    path.write_text(specs[path], encoding="utf-8")
    return is_one, took


def copied_corpus(directory: Path) -> list[Path]:
    """The specs of a copy of the corpus, and of one example more."""
    shutil.copytree("examples", directory / "corpus", ignore=shutil.ignore_patterns("target"))
    write_example(directory / "corpus")
    return sorted((directory / "corpus").glob("*/*/example.toml"))


def is_taken(path: Path, number: int) -> bool:
    """Whether a spec is loaded; a refusal has to name the file."""
    try:
        return isinstance(load_spec(path.parent), Spec)
    except SpecError as error:
        files = (path, path.with_name("breaks.toml"))
        if not str(error).startswith(tuple(f"{file}:" for file in files)):
            raise AssertionError(f"mutation {number}: {error}") from error
        return False
    except Exception as error:
        raise AssertionError(f"mutation {number} of {path.parent.name} is a traceback") from error


_names = st.sampled_from(
    ["of", "are", "is", "same", "chain", "at", "enter", "leave", "at-most", "at-least", "holds",
     "programs", "why", "name", "program", "when", "ratio", "code", "reports", "after", "as"]
)  # fmt: skip
_values = st.recursive(
    st.sampled_from(["worker", "worker.i", "main", "main.i", "worker[i=1]", "0..3", "ending", ""])
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(family=st.sampled_from(list(FAMILIES)), table=st.dictionaries(_names, _values, max_size=4))
def test_a_family_takes_or_refuses_any_table(
    tmp_path_factory: pytest.TempPathFactory, family: str, table: dict[str, object]
) -> None:
    """Whatever keys and values a family is given, it gives a rule or says what is wrong."""
    directory = tmp_path_factory.getbasetemp() / "topic" / "name"
    if not directory.is_dir():
        write_example(tmp_path_factory.getbasetemp())
    lines = ["[always.any]", 'why = "any"', f"[always.any.{family}]"]
    lines += [f"{key} = {_toml(value)}" for key, value in table.items()]
    text = edited([added(*lines)])
    source = Source(directory / "example.toml", text)
    with contextlib.suppress(SpecError):
        assert 3 == len(parse_spec(source, Files(directory)).properties)


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return '"' + "".join(f"\\U{ord(c):08x}" for c in value) + '"'
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_toml(inner)}' for key, inner in value.items())} }}"
        case _:
            raise AssertionError(value)
