"""Pairs in books: what two versions of mdBook send, what they get, and why a build fails."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from harness.books.directives import expand
from harness.books.markup import Style, show_pair
from harness.books.mdbook import preprocess
from harness.books.shelf import Links, Shelf
from harness.cli import run_command_line
from harness.language.discovery import find_examples, load_all
from harness.language.spec import load_spec
from harness.record.verdicts import load_verdicts, save_verdicts
from harness.site.data import gather
from harness.site.released import RECORD_FILE, write_released
from harness.values.errors import ExitCode, UsageError
from harness.values.report import Outcome
from tests.books.conftest import verdicts_of

RECORDED = sorted((Path(__file__).parent / "recorded").glob("mdbook-*.json"))


def sent(recorded: Path, book: Path, **settings: str) -> Any:
    """What that mdBook has sent for a book of three chapters, as if it lay in ``book``."""
    data = json.loads(recorded.read_text(encoding="utf-8"))
    data[0]["root"] = str(book)
    data[0]["config"]["preprocessor"]["pair"].update(settings)
    return data


def contents(book: Any) -> dict[str, str]:
    """The text of each chapter by its path."""
    waiting = list(book.get("items", book.get("sections")))
    found = {}
    while waiting:
        chapter = waiting.pop(0)["Chapter"]
        found[str(chapter["path"])] = chapter["content"]
        waiting += chapter["sub_items"]
    return found


def shown(shelf: Shelf, text: str, style: Style = Style()) -> str:  # noqa: B008 - frozen
    """The Markdown with its pairs; nothing is wrong with them."""
    found = expand(text, lambda directive: show_pair(shelf, directive, style))
    assert () == found.faults
    return found.text


def fault(shelf: Shelf, text: str) -> str:
    """What is wrong with the only directive."""
    (found,) = expand(text, lambda directive: show_pair(shelf, directive, Style())).faults
    return found.message


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_mdbook_gets_its_book_with_the_pairs(recorded: Path, shelf: Shelf) -> None:
    """All else comes back as it went: what the protocol is going to have, too."""
    data = sent(recorded, shelf.corpus.parent)
    chapters = contents(data[1])
    assert {"preface.md", "joining.md", "deep/further.md", "None"} == set(chapters)
    text = json.dumps(data).replace("first-steps/three-steps", "life-cycle/join")
    book = preprocess(text.replace("three-steps", "join"))
    assert () == book.faults
    got = json.loads(book.json)
    assert got.keys() == data[1].keys()
    pages = contents(got)
    assert "{{#pair" not in "".join(pages.values())
    assert 2 == pages["joining.md"].count('class="pair-side"')
    assert "```rust,ignore\nhandle.join().unwrap();\n```" in pages["deep/further.md"]
    assert (pages["preface.md"], pages["None"]) == (chapters["preface.md"], "")


def test_a_pair_stands_side_by_side_with_what_was_checked(shelf: Shelf) -> None:
    """Both programs, a run of each with how many there were, what was checked, and a link."""
    page = shown(replace(shelf, links=Links(site="https://x.example/site/")), "{{#pair join}}\n")
    fences = [token for token in MarkdownIt().parse(page) if token.type == "fence"]
    assert ["python", "text", "rust", "text"] == [token.info for token in fences]
    spec = load_spec(shelf.corpus / "life-cycle" / "join")
    assert (spec.directory / "main.py").read_text().strip("\n") == fences[0].content.strip("\n")
    assert "Hello from the main thread: 4" == fences[1].content.splitlines()[-1]
    assert 2 == page.count(f"; checked: {len(spec.properties)} claims</summary>")
    assert " runs under CPython 3.11.7; " in page
    assert " runs under rustc 1.95.0; " in page
    assert "[Wait for a thread with join](https://x.example/site/pairs/join.html)" in page


def test_a_part_of_a_pair(shelf: Shelf) -> None:
    """A step with its heading, a side, what an anchor encloses; without what a part may print."""
    step = shown(shelf, "{{#pair join step=2}}\n")
    assert "**Python**: Wait until it has ended (`main.py`)" in step
    assert "```python\nthread.join()\n```" in step
    assert "```text" not in step
    program = shelf.corpus / "life-cycle" / "join" / "main.py"
    marked = program.read_text().replace(
        "    thread.start()", "    # ANCHOR: go\n    thread.start()\n    # ANCHOR_END: go"
    )
    program.write_text(marked)
    spec = load_spec(program.parent)
    save_verdicts(shelf.state, [spec], verdicts_of(spec))
    again = Shelf(shelf.corpus, shelf.state)
    anchored = shown(again, "{{#pair join anchor=go}}\n")
    assert "```python\nthread.start()\n```" in anchored
    assert "Rust" not in anchored
    assert "ANCHOR" not in shown(again, "{{#pair join side=python}}\n")
    assert 'join: main.py has no anchor "stop"; it has go' in fault(
        again, "{{#pair join anchor=stop}}\n"
    )
    assert "main.py has no step 7; it has 1, 2, 3" in fault(again, "{{#pair join step=7}}\n")


def test_what_the_compiler_refuses_is_shown_with_its_words(shelf: Shelf) -> None:
    """There is no run of it."""
    page = shown(shelf, "{{#pair borrow-without-move side=rust}}\n")
    assert "Refused by rustc 1.95.0, as it must be: E0373" in page
    assert "```text\nerror[E0373]" in page


def test_nothing_that_an_author_wrote_is_markup(shelf: Shelf) -> None:
    """Of titles, of sentences, of what was printed."""
    page = shown(shelf, "{{#pair hostile}}\n")
    html = MarkdownIt("commonmark").render(page)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_the_words_are_korean_in_a_korean_book(shelf: Shelf) -> None:
    """The claims and the title, too; and without HTML, the sides stand one below the other."""
    page = shown(shelf, "{{#pair join}}\n", Style("ko", has_columns=False))
    assert "join으로 스레드 기다리기" in page
    assert "확인한 주장" in page
    assert "<div" not in page


def test_a_pair_that_has_changed_since_is_not_shown(shelf: Shelf) -> None:
    """By a single character of a program; the message says what to do."""
    assert shown(shelf, "{{#pair join}}\n")
    program = shelf.corpus / "life-cycle" / "join" / "main.py"
    program.write_text(program.read_text() + "\n")
    said = fault(Shelf(shelf.corpus, shelf.state), "{{#pair join}}\n")
    assert "was not verified as it is now (python)" in said
    assert 'run "harness verify life-cycle/join"' in said


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome.FAILED, "does not pass (python 3.11, failed)"),
        (Outcome.TIMED_OUT, "does not pass (python 3.11, timed out)"),
        (Outcome.INCONCLUSIVE, "is not known to pass (python 3.11, inconclusive)"),
    ],
)
def test_a_pair_that_does_not_pass_is_not_shown(shelf: Shelf, outcome: Outcome, said: str) -> None:
    """Whatever was concluded before; a side that was skipped concludes nothing."""
    spec = load_spec(shelf.corpus / "life-cycle" / "join")
    save_verdicts(shelf.state, [spec], verdicts_of(spec, Outcome.SKIPPED))
    assert {Outcome.PASSED} == {each.outcome for each in load_verdicts(shelf.state, spec)}
    save_verdicts(shelf.state, [spec], verdicts_of(spec, outcome)[:1])
    assert said in fault(shelf, "{{#pair join}}\n")
    assert shown(Shelf(shelf.corpus, shelf.state), "{{#pair join side=rust}}\n")


def test_a_recorded_violation_counts(shelf: Shelf) -> None:
    """Though the last verdict was good: some schedule has shown it since."""
    page = shelf.page("join")
    seen = page.seen[0]
    total = replace(seen.total, violations=2, broke={"main-finishes": 2})
    shelf._pages[page.spec.directory] = replace(page, seen=(replace(seen, total=total),))
    assert "broke main-finishes in 2 of " in fault(shelf, "{{#pair join}}\n")


def test_a_corpus_that_carries_its_record_needs_no_run(shelf: Shelf, tmp_path: Path) -> None:
    """What was concluded comes along, and counts for what it is about."""
    specs = load_all(find_examples((shelf.corpus,)))
    write_released(gather(specs, shelf.state), shelf.state, shelf.corpus / RECORD_FILE)
    assert "; checked: " in shown(Shelf(shelf.corpus, tmp_path / "fresh"), "{{#pair join}}\n")
    program = shelf.corpus / "life-cycle" / "join" / "main.py"
    program.write_text(program.read_text() + "\n")
    said = fault(Shelf(shelf.corpus, tmp_path / "fresh"), "{{#pair join}}\n")
    assert "was not verified as it is now" in said


@pytest.fixture
def book(shelf: Shelf) -> Path:
    """The directory of a book with a chapter that includes another file."""
    place = shelf.corpus.parent
    (place / "src").mkdir()
    (place / "src" / "joining.md").write_text("{{#include long.md}}\n\n{{#pair nobody}}\n")
    return place


def test_a_fault_is_told_at_the_line_of_the_authors_file(
    book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an include has added above it, mdBook has counted; the author has not."""
    data = sent(RECORDED[-1], book)
    joining = data[1]["items"][1]["Chapter"]
    joining["content"] = "long\n\nlonger\n\nlongest\n\n{{#pair nobody}}\n"
    joining["sub_items"] = []
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(data).encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert ExitCode.FAILED == run_command_line(["mdbook"])
    out, said = capsys.readouterr()
    assert ("", 1) == (out, said.count("\n"))
    assert 'src/joining.md:3: {{#pair nobody}}: no example is called "nobody"' in said


@pytest.mark.parametrize("text", ["", "[]", "{}", "[1, 2]", '[{"root": "x"}, {"items": []}]'])
def test_what_is_no_book_is_refused(text: str) -> None:
    """With a word on how the command is called."""
    with pytest.raises(UsageError, match="expected a book from mdBook on stdin"):
        preprocess(text)


def test_settings_that_cannot_be_meant_are_refused(book: Path) -> None:
    """A slip of the pen, a corpus that is not there."""
    for settings, said in (
        ({"corups": "x"}, "preprocessor.pair.corups: no such option"),
        ({"corpus": "x"}, "preprocessor.pair.corpus: there is no directory"),
    ):
        with pytest.raises(UsageError, match=said):
            preprocess(json.dumps(sent(RECORDED[0], book, **settings)))


def test_any_renderer_is_supported() -> None:
    """Where it knows no HTML, the sides stand one below the other."""
    for renderer in ("html", "markdown", "pdf"):
        assert ExitCode.OK == run_command_line(["mdbook", "supports", renderer])


def test_render_writes_a_file_whole_or_not_at_all(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python-Markdown is told that there is Markdown in the HTML."""
    page, made = tmp_path / "page.md", tmp_path / "made.md"
    where = ["--corpus", str(shelf.corpus), "--state-dir", str(shelf.state)]
    page.write_text("# Join\n\n{{#pair join}}\n\n{{#pair nobody}}\n")
    assert ExitCode.FAILED == run_command_line(["render", str(page), "-o", str(made), *where])
    assert not made.exists()
    assert f"{page}:5: {{{{#pair nobody}}}}: " in capsys.readouterr().err
    page.write_text("# Join\n\n{{#pair join}}\n")
    options = ["-o", str(made), "--markdown-in-html", *where]
    assert ExitCode.OK == run_command_line(["render", str(page), *options])
    text = made.read_text()
    assert text.count("<div") + text.count("<details") == text.count(' markdown="1">')


def test_what_verify_concludes_is_what_a_book_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pair that was verified can be shown; once it fails, it cannot."""
    monkeypatch.chdir(tmp_path)
    quick = ["verify", "--runs", "1", "--schedules", "0", "--no-color"]
    run_command_line(["init", "--side", "python", "--no-workflow"])
    (tmp_path / "page.md").write_text("{{#pair three-steps}}\n")
    assert ExitCode.FAILED == run_command_line(["render", "page.md"])
    assert "was not verified as it is now (python)" in capsys.readouterr().err
    assert ExitCode.OK == run_command_line(quick)
    capsys.readouterr()
    assert ExitCode.OK == run_command_line(["render", "page.md"])
    assert "One of 1 runs under " in capsys.readouterr().out
    program = tmp_path / "examples" / "first-steps" / "three-steps" / "main.py"
    program.write_text(program.read_text().replace("range(STEPS)", "range(2)"))
    assert ExitCode.FAILED == run_command_line(quick)
    capsys.readouterr()
    assert ExitCode.FAILED == run_command_line(["render", "page.md"])
    assert "does not pass (python " in capsys.readouterr().err
