"""Pages explain: terms, names of the libraries, and what each step does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from harness.language.declarations import Spec
from harness.site.data import read_sources
from harness.site.documentation import address_of, documented, linked_lines
from harness.site.glossary import Linker, terms_of
from harness.site.highlight import highlighted_lines
from harness.site.texts import TranslationError, faults_of_example, prose_of, texts_of
from harness.site.views.programs import with_notes
from harness.site.words import glossary_of
from harness.values.program import Side

TERMS = terms_of(
    {
        "arc.title": "Arc",
        "arc.words": "|Arc|Arcs|",
        "arc.text": "t",
        "lock.title": "lock",
        "lock.words": "|lock|락|",
        "lock.text": "t",
    }
)
ADDRESS = {
    Side.PYTHON: re.compile(r"library/[\w.-]+\.html#([\w.]+)"),
    Side.RUST: re.compile(r"std/(?:\w+/)+(?:fn|struct|enum|trait|type)\.(\w+)\.html"),
}


def test_a_term_is_a_link_where_it_is_used_first() -> None:
    """In words and as code; escaped, and not within another word."""
    gloss = Linker(terms=TERMS, place="g.html")
    assert gloss("a <lock>, a lock, unlocked") == Markup(
        'a &lt;<a class="term" href="g.html#lock">lock</a>&gt;, a lock, unlocked'
    )
    assert gloss("`Arc` and Arc") == Markup(
        '<a class="term" href="g.html#arc"><code>Arc</code></a> and Arc'
    )
    assert gloss("lock `Arc`") == Markup("lock <code>Arc</code>")


def test_a_korean_term_has_its_particle_behind_it() -> None:
    """The particle is no part of the link, and a word that only ends so is another word."""
    gloss = Linker(terms=TERMS, place="g.html")
    assert gloss("기락과 락을") == Markup('기락과 <a class="term" href="g.html#lock">락</a>을')


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_glossary_has_a_text_for_each_term(code: str) -> None:
    """And no word stands for two terms."""
    terms = glossary_of(code)
    words = [word for term in terms for word in term.words]
    assert len(terms) >= 20
    assert len(words) == len(set(words))
    assert all(term.text and term.title and term.words for term in terms)


@pytest.mark.parametrize("side", list(Side))
def test_each_address_of_the_table_has_the_form_of_its_site(side: Side) -> None:
    """The page of the module, and the name itself as the place on it or as the page's own."""
    for name, path in (
        (n, path) for n, places in documented(side).items() for path in places.values()
    ):
        found = ADDRESS[side].fullmatch(path)
        assert found, path
        last = found[1].replace("::", ".").rpartition(".")[2]
        assert last == name.replace("::", ".").rpartition(".")[2], name


def test_an_address_is_of_the_version_that_was_run() -> None:
    """Python's has no patch level; a name that is not in the table has none."""
    lock = "library/threading.html#threading.Lock"
    assert (
        address_of("threading.Lock", Side.PYTHON, "3.11.7")
        == f"https://docs.python.org/3.11/{lock}"
    )
    assert address_of("threading.Lock", Side.PYTHON) == f"https://docs.python.org/3/{lock}"
    rust = address_of("std::sync::Arc", Side.RUST, "1.95.0")
    assert rust == "https://doc.rust-lang.org/1.95.0/std/sync/struct.Arc.html"
    assert address_of("std::no::Such", Side.RUST) == ""
    run = "library/asyncio-{}.html#asyncio.run"
    for version, page in (("3.10.13", "task"), ("3.11.7", "runner"), ("3.15.0rc1", "runner")):
        found = address_of("asyncio.run", Side.PYTHON, version)
        assert found.endswith(run.format(page))
    assert "/3/" in address_of("queue.ShutDown", Side.PYTHON, "3.12.1")


def test_the_first_use_of_a_name_leads_to_its_documentation() -> None:
    """Not in comments and texts, not twice, and not as a part of another name."""
    source = (
        "# threading.Lock\nfrom time import sleep\n"
        'x = my_threading.Lock("threading.Lock")\nsleep(1)\ny = threading.Lock(threading.Lock())\n'
    )
    lines = linked_lines(
        highlighted_lines(source, Side.PYTHON),
        source,
        {"threading.Lock", "time.sleep"},
        Side.PYTHON,
        "",
    )
    assert ["<a " in line for line in lines] == [False, True, False, False, True]
    assert lines[4].count("<a ") == 1
    shown = re.sub("<[^>]*>", "", "\n".join(lines)).replace("&#34;", '"').replace("&quot;", '"')
    assert shown == source.rstrip("\n")


def test_links_of_rust_go_by_types_and_by_functions_with_their_module() -> None:
    """A path deeper than its owner's page leads to the owner."""
    source = "use std::sync::Arc;\nlet a = Arc::clone(&b);\nthread::spawn(f);\nspawn(g);\n"
    names = {"std::sync::Arc::clone", "std::thread::spawn", ".lock()"}
    lines = linked_lines(highlighted_lines(source, Side.RUST), source, names, Side.RUST, "1.95.0")
    assert ["<a " in line for line in lines] == [True, False, True, False]


def test_what_is_told_of_a_step_is_shown_with_it_in_both_languages(site: Path) -> None:
    """Once, beside the step."""
    for place in ("", "ko/"):
        page = (site / f"{place}pairs/join.html").read_text(encoding="utf-8")
        assert page.count('<p class="prose">') == 3
    korean = (site / "ko/pairs/join.html").read_text(encoding="utf-8")
    assert "스레드가 끝나야 반환한다" in korean


def test_what_is_told_of_no_step_is_a_fault(specs: tuple[Spec, ...], tmp_path: Path) -> None:
    """And so is what nobody has translated."""
    spec = next(each for each in specs if each.name == "spawn")
    (tmp_path / "text.toml").write_text('[steps]\n"main 9" = "Nothing."\n')
    moved = replace(spec, directory=tmp_path)
    assert "prose main 9" in {text.role for text in texts_of(moved, read_sources(spec))}
    kinds = {(f.kind, f.role) for f in faults_of_example(moved, read_sources(spec))}
    assert {("missing", "prose main 9"), ("superfluous", "main 9")} <= kinds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[steps]\nx = 1", "expected a text, found 1"),
        ("", "expected the table [steps], found none"),
    ],
)
def test_a_file_that_tells_nothing_is_refused(
    specs: tuple[Spec, ...], tmp_path: Path, text: str, complaint: str
) -> None:
    """By its name."""
    (tmp_path / "text.toml").write_text(text)
    with pytest.raises(TranslationError, match=re.escape(complaint)):
        prose_of(replace(specs[0], directory=tmp_path))


def test_what_a_compiler_notes_besides_is_folded() -> None:
    """What stands beside the line of the error is read first, notes within that, too."""
    said = "error[E0277]: no\n --> a.rs:1:2\n  = note: one\nnote: two\n --> b.rs\nnote: three\n"
    assert with_notes(said) == (said[: said.index("\nnote")], "note: two\n --> b.rs\nnote: three\n")
    assert with_notes("error: no") == ("error: no", "")


def test_a_reader_of_python_is_told_what_rust_writes(site: Path) -> None:
    """Each sign once, beside what it means, in both languages."""
    for place in ("", "ko/"):
        page = (site / f"{place}start.html").read_text(encoding="utf-8")
        told = page.partition('<dl class="reading">')[2].partition("</dl>")[0]
        assert told.count("<dt>") == told.count("<dd>") >= 12
        for code in ("let mut n", "move || { … }", "result.unwrap()", "println!(&#34;{x}&#34;)"):
            assert told.count(code) == 1, code
