"""Names of system calls: those that may block, as the kernel's own headers have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.schedules.calls import TABLES, name_of_call

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
_NUMBER = re.compile(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\s")


@pytest.mark.parametrize(
    ("call", "machine", "name"),
    [
        ("73", "x86_64", "flock"),
        ("32", "aarch64", "flock"),
        ("32", "x86_64", "call 32"),
        ("73", "riscv64", "call 73"),
        ("flock", "x86_64", "flock"),
        ("", "x86_64", ""),
    ],
)
def test_a_call_is_told_by_its_name(call: str, machine: str, name: str) -> None:
    """What the record has as a name stays; a number that is not known is told as such."""
    assert name_of_call(call, machine) == name


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    """Each that the header of this system has; some are newer than it."""
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    known: dict[int, str] = {}
    for name, number in _NUMBER.findall(HEADERS[machine].read_text(encoding="utf-8")):
        known.setdefault(int(number), name)
    wrong = {n: name for n, name in TABLES[machine].items() if known.get(n, name) != name}
    assert not wrong
