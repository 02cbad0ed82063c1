"""Both runtimes choose by one policy: of the same threads, a seed chooses the same one in each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.schedules.policy import (
    VECTORS,
    answered_by_c,
    answered_by_python,
    compile_driver,
    written_anew,
)


def test_the_python_side_chooses_as_it_is_written_down() -> None:
    """Whoever changes the policy changes the file, and so what every seeded name means."""
    text = VECTORS.read_text()
    assert text == answered_by_python(text)
    assert text == "".join(f"{line}\n" for line in written_anew())


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_the_rust_side_chooses_as_it_is_written_down(tmp_path: Path) -> None:
    """The same draws in the same order: hand-overs, early timeouts, wake-ups for nothing."""
    text = VECTORS.read_text()
    assert text == answered_by_c(compile_driver("cc", tmp_path), text)
