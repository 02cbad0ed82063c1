"""harness show, break and site, as a reader types them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from harness.bench.options import Options
from harness.cli import run_command_line
from harness.commands.list import table_rows
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all, select
from harness.machine.toolchains import default_python
from harness.proof.breaking import try_variants
from harness.proof.kept import load_broken, save_broken
from harness.proof.shown import Broken, BrokenProperty, MarkedLine
from harness.proof.variants import variants_of
from harness.site.words import words_of
from harness.values.errors import ExitCode
from harness.values.messages import say
from harness.values.program import Side
from tests.site.sample import CORPUS


def show(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines that ``harness show`` writes."""
    assert run_command_line(["show", *words, "--corpus", str(CORPUS)]) == ExitCode.OK
    return capsys.readouterr().out.split("\n")


def test_show_sets_equal_steps_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is room for both: the heading, and below it both pieces of code in one line."""
    lines = show(capsys, "join", "--width", "150")
    heading = lines.index("2. Wait until it has ended")
    left, _, right = lines[heading + 1].partition("│")
    assert (left.strip(), right.strip()) == ("thread.join()", "handle.join().unwrap();")
    assert max(map(len, lines)) <= 150


def test_show_sets_the_sides_below_each_other_where_it_is_narrow(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Then each program is whole, with its comments."""
    lines = show(capsys, "join", "--width", "80")
    assert not any("│" in line for line in lines)
    assert lines.index("── Python main.py") < lines.index("── Rust src/main.rs")
    assert "    # 2. Wait until it has ended" in lines


def test_show_tells_what_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    """Each property with its sentence and its reason."""
    text = "\n".join(show(capsys, "join"))
    assert "every `worker` line comes before every `main` line" in text
    assert "What is true" in text


@pytest.mark.parametrize("width", [60, 160])
def test_show_fits_the_terminal(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences are broken with their indentation, at 88 columns at most; no line ends blank."""
    lines = show(capsys, "join", "--width", str(width))
    said = lines[lines.index("What is true") :]
    assert max(map(len, said)) <= min(width, 92)
    assert [line for line in lines if line != line.rstrip()] == []
    assert "    its ten lines is lost" in said if width == 60 else "lost" in " ".join(said)


def test_show_has_no_two_blank_lines_but_in_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One sets parts apart."""
    lines = show(capsys, "join", "--width", "160")
    place = lines.index("What is true")
    assert lines[place - 1] == ""
    assert lines[place - 2] != ""


def test_list_is_a_table(specs: tuple[Spec, ...]) -> None:
    """Names, titles and numbers stand below each other."""
    spawn = next(spec for spec in specs if spec.name == "spawn")
    other = replace(spawn, name="j", title="한국어", properties=spawn.properties[:1])
    assert table_rows([spawn, other]) == [
        "  spawn  Spawn a thread    3 properties",
        "  j      한국어              1 property",
    ]


def test_list_leaves_out_what_does_not_fit(specs: tuple[Spec, ...]) -> None:
    """First the numbers, then the ends of titles."""
    spec = next(spec for spec in specs if spec.name == "spawn")
    assert table_rows([spec], 30) == ["  spawn  Spawn a thread"]
    assert table_rows([spec], 18) == ["  spawn  Spawn a…"]


def test_show_is_highlighted_only_if_colour_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """Not by default where nobody looks."""
    assert "\x1b[" not in "\n".join(show(capsys, "join"))
    assert "\x1b[" in "\n".join(show(capsys, "join", "--color"))


def test_break_shows_the_change_and_the_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A join that may time out: main's lines come too early, and the line is marked."""
    words = ["break", "join", "join with a timeout of zero", "--corpus", str(CORPUS)]
    code = run_command_line([*words, "--state-dir", str(tmp_path), "--schedules", "0"])
    text = capsys.readouterr().out
    assert code == ExitCode.OK
    assert "-    thread.join()\n    +    thread.join(timeout=0)" in text
    assert "breaks join-comes-first  [run 1, plain]" in text
    assert 'same-text  it compares runs, or both sides: "harness audit join" shows that' in text
    assert "    ▶" in text
    assert "◀" in text


def read_from(directory: Path, path: str) -> str:
    """The text of a file of an example."""
    return (directory / path).read_text(encoding="utf-8")


def test_controls_of_one_name_break_each_its_own_example(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """Two examples may call a control alike: each is tried in a copy of its own program."""
    variants = [
        variant
        for spec in specs
        for variant in variants_of(spec, partial(read_from, spec.directory))
        if variant.name == "main counts from one"
    ]
    tried = try_variants(variants, [default_python()], Options(runs=1, schedules=0, state=tmp_path))
    seen = {
        variant.spec.name: ([each.name for each in broken.broken], broken.unbroken)
        for variant, broken in tried
    }
    assert seen == {
        "spawn": (["main-finishes"], ()),
        "join": (["main-finishes"], ("same-text",)),
    }


def test_break_leaves_the_example_alone(tmp_path: Path) -> None:
    """The change is made in a copy."""
    before = (CORPUS / "life-cycle" / "join" / "main.py").read_bytes()
    words = ["break", "join", "main counts from one", "--corpus", str(CORPUS)]
    run_command_line([*words, "--state-dir", str(tmp_path), "--schedules", "0"])
    assert (CORPUS / "life-cycle" / "join" / "main.py").read_bytes() == before


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo")
def test_a_copy_in_python_finds_the_library_in_rust_that_it_loads(
    tmp_path: Path,
) -> None:
    """What breaks is what the control says, and not that there is no such file."""
    (spec,) = load_all(select(find_examples((CORPUS,)), ("releasing-extension",)))
    variants = [
        variant
        for variant in variants_of(spec, partial(read_from, spec.directory))
        if variant.name == "both count the same part, in Python" and variant.side is Side.PYTHON
    ]
    options = Options(runs=1, schedules=0, state=tmp_path)
    ((_, broken),) = try_variants(variants, [default_python()], options)
    assert "sums-right" == broken.broken[0].name
    assert "exit-code" not in {each.name for each in broken.broken}


def test_break_names_the_controls_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """For one that it does not know, with the nearest."""
    code = run_command_line(["break", "join", "join forgoten", "--corpus", str(CORPUS)])
    assert code == ExitCode.USAGE
    said = capsys.readouterr().err
    expected = (
        'life-cycle/join: no control is called "join forgoten" (did you mean "join forgotten"?)'
    )
    assert expected in said
    assert '"asked instead of joined"' in said


@pytest.mark.parametrize(
    ("words", "place", "offered"),
    [
        ("harness show jo", "2", "join"),
        ("harness break join asked", "3", "asked instead of joined"),
        ("harness bre", "1", "break"),
    ],
)
def test_the_shell_completes_names(
    words: str,
    place: str,
    offered: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Commands, examples, and the controls of the example before."""
    monkeypatch.chdir(CORPUS.parent)
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", place)
    monkeypatch.setenv("_HARNESS_COMPLETE", "bash_complete")
    with pytest.raises(SystemExit):
        run_command_line([])
    assert f"plain,{offered}" in capsys.readouterr().out.split("\n")


def test_site_writes_pages_and_says_what_they_lack(
    specs: tuple[Spec, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a record every page is there, and how to get a record is said."""
    corpus, out, state = specs[0].directory.parents[1], tmp_path / "site", tmp_path / "state"
    words = ["site", "--corpus", str(corpus), "--out", str(out), "--state-dir", str(state)]
    assert run_command_line(words) == ExitCode.OK
    said = capsys.readouterr()
    assert said.out.startswith(f"{out / 'index.html'}: 20 pages in ")
    assert '4 pairs show no run: "harness verify" records them' in said.err
    assert '4 pairs lack controls at work: "harness site --gather" runs them' in said.err


def test_what_controls_showed_is_kept_until_the_example_changes(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """One control after the other; nothing of an earlier version, nothing of a damaged file."""
    note = say("order.too-late", before=("main",))
    line = MarkedLine(number=1, text="too early", note=note, thread=2)
    shown = BrokenProperty(name="p", message=say("world.strays"), lines=(line,))
    one, two = (
        Broken(control=name, side="rust", program="main", toolchain="rustc", broken=(shown,))
        for name in ("one", "two")
    )
    save_broken(tmp_path, specs[0], [one])
    save_broken(tmp_path, specs[0], [two])
    kept = load_broken(tmp_path, specs[0])
    assert kept == {"one": one, "two": two}
    assert words_of("ko").phrase(kept["one"].broken[0].message).lang == ""
    assert words_of("ko").phrase(kept["one"].broken[0].lines[0].note or "").lang == ""
    assert load_broken(tmp_path, replace(specs[0], digest="other")) == {}
    next((tmp_path / "broken").glob("*.json")).write_text("{")
    assert load_broken(tmp_path, specs[0]) == {}
