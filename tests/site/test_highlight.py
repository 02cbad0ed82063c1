"""Programs are highlighted in parts, and no reader can tell."""

from __future__ import annotations

from functools import partial
from itertools import chain

import pytest

from harness.language.discovery import find_examples, load_all
from harness.language.sources import text_of
from harness.proof.variants import variants_of
from harness.site import highlight
from harness.site.highlight import highlighted_lines
from harness.values.program import Side
from tests.site.sample import CORPUS

WHOLE = highlight._lines


def test_parts_are_as_they_are_in_the_whole() -> None:
    """Each program of the corpus, and each changed one of some pairs."""
    specs = load_all(find_examples((CORPUS,)))
    own = ((p.side, text_of(spec, p.path)) for spec in specs for p in spec.programs)
    changed = (
        (variant.side, variant.text)
        for spec in specs[::15]
        for variant in variants_of(spec, partial(text_of, spec))
    )
    for side, source in chain(own, changed):
        assert highlighted_lines(source, side) == WHOLE(source.rstrip("\n"), side)


@pytest.mark.parametrize(
    ("side", "source"),
    [
        (Side.PYTHON, 'A = """\nx\n\nimport y\n"""\n\nimport z\n'),
        (Side.PYTHON, "A = '''\nx\n\nimport y'''\n"),
        (Side.RUST, 'const A: &str = "x\n\nlet y;\n\nfn z";\n\nfn f() {}\n'),
        (Side.RUST, "/* fn f() {}\n\nfn g() {} */\n\nfn h() {}\n"),
        (Side.RUST, 'const A: char = \'"\';\n\nfn f() -> &str {\n    "x"\n}\n'),
    ],
)
def test_what_goes_on_over_an_empty_line_is_not_cut(side: Side, source: str) -> None:
    """Texts and comments of several lines."""
    assert highlighted_lines(source, side) == WHOLE(source.rstrip("\n"), side)
    assert any("class=" in line for line in highlighted_lines(source, side))


def test_a_part_that_did_not_change_is_not_read_again() -> None:
    """Only the one that did."""
    highlighted_lines("import a\n\nimport b\n\nimport c\n", Side.PYTHON)
    before = WHOLE.cache_info().misses
    highlighted_lines("import a\n\nimport d\n\nimport c\n", Side.PYTHON)
    assert WHOLE.cache_info().misses == before + 1
