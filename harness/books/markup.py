"""A pair as Markdown with what its runs printed: side by side, or one side below the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.books.directives import Directive
from harness.books.excerpts import ProgramPart, excerpt, has_anchor, has_step
from harness.books.shelf import Shelf, most_run, programs_shown, see_that_it_holds
from harness.language.declarations import Property
from harness.language.properties.compile_error import CompileError
from harness.language.properties.ending import ending_text
from harness.site.data import PageData, Seen, ShownRun
from harness.site.online import online_address
from harness.site.texts import Translations, read_translations
from harness.site.words import ENGLISH, KOREAN, Words, words_of
from harness.values.messages import say
from harness.values.program import Program, Side
from harness.values.run import Exited

MOST_LINES = 40
"""Lines of a transcript that a page shows."""

_TICKS = re.compile(r"`{3,}")
_CODE = re.compile(r"(`[^`]*`)")
_SPECIAL = re.compile(r"([\\*_\[\]#|])")
_PAIR = '<div class="pair" style="display: flex; flex-wrap: wrap; gap: 1em"{attribute}>'
_SIDE = '<div class="pair-side" style="flex: 1 1 20em; min-width: 0"{attribute}>'


@dataclass(frozen=True, slots=True)
class Style:
    """How a page is written.

    ``has_columns``: sides stand side by side, by HTML around the Markdown. ``asks_for_markdown``:
    the HTML says that Markdown is in it, which Python-Markdown wants to be told. ``is_mdbook``:
    Rust is marked as nothing that ``mdbook test`` is to try; elsewhere that is no language.
    """

    language: str = ENGLISH
    has_columns: bool = True
    asks_for_markdown: bool = False
    is_mdbook: bool = False

    @property
    def attribute(self) -> str:
        """What HTML with Markdown in it carries."""
        return ' markdown="1"' if self.asks_for_markdown else ""


def language_of(code: str) -> str:
    """The language in which we speak on a page in ``code``: Korean, or else English."""
    return KOREAN if code.split("-", maxsplit=1)[0].lower() == KOREAN else ENGLISH


def show_pair(shelf: Shelf, directive: Directive, style: Style) -> str:
    """What stands in the place of ``directive``.

    Raises HarnessError for a pair that is not there, does not pass, or was not verified as it is.
    """
    page = shelf.page(directive.name)
    programs = programs_shown(page, directive.program, directive.side)
    see_that_it_holds(page, programs)
    return _Writer(shelf, page, directive, style).text(_having_the_part(page, programs, directive))


def _having_the_part(
    page: PageData, programs: Sequence[Program], directive: Directive
) -> Sequence[Program]:
    """The programs that have the step or the anchor; all, if none has: then that is told."""

    def has_it(program: Program) -> bool:
        source = page.source(program)
        if directive.anchor:
            return has_anchor(source, directive.anchor)
        return not directive.step or has_step(source, directive.step)

    return [program for program in programs if has_it(program)] or programs


class _Writer:
    """Writes one directive's blocks."""

    def __init__(self, shelf: Shelf, page: PageData, directive: Directive, style: Style) -> None:
        self._shelf = shelf
        self._page = page
        self._directive = directive
        self._style = style
        self._words: Words = words_of(style.language).about(page.spec)
        self._translations: Translations = read_translations(page.spec)

    def text(self, programs: Sequence[Program]) -> str:
        """All of it, as blocks."""
        sides = [list(self._side(program)) for program in programs]
        if self._style.has_columns and len(sides) > 1:
            blocks = [_PAIR.format(attribute=self._style.attribute)]
            for side in sides:
                blocks += [_SIDE.format(attribute=self._style.attribute), *side, "</div>"]
            blocks.append("</div>")
        else:
            blocks = [block for side in sides for block in side]
        return "\n\n".join([*blocks, self._link()])

    def _side(self, program: Program) -> Iterator[str]:
        """One side: heading, code, what it prints, and what has been checked."""
        place = f"{self._page.spec.id}: {program.path}"
        part = excerpt(self._page.source(program), self._directive, place)
        yield self._heading(program, part)
        is_marked = self._style.is_mdbook and program.side is Side.RUST
        yield _fenced(part.code, f"{program.side.value}{',ignore' if is_marked else ''}")
        if self._page.spec.is_refused(program):
            yield from self._refusal(program)
            return
        seen = most_run(self._page, program)
        if seen is not None and seen.shown and self._directive.wants_transcript:
            yield from self._transcript(seen.shown[0])
        yield from self._checks(program, seen)

    def _heading(self, program: Program, part: ProgramPart) -> str:
        """The line above a program.

        Its side, its step, its path, and where it can be run online.
        """
        of = f": {_escaped(self._step(program, part.heading))}" if part.heading else ""
        online = online_address(self._page.spec, program, self._page.source(program), "")
        invitation = self._say("book.run-online")
        run = f" · [{invitation}]({online})" if online else ""
        return f"**{program.side.value.capitalize()}**{of} (`{program.path}`){run}"

    def _step(self, program: Program, english: str) -> str:
        """The heading of the step in the language of the book, one side's or that of both."""
        number = self._directive.step
        roles = (
            f"step {program.name} {number}",
            f"step {program.name} {number} {program.side.value}",
        )
        said = (self._words.text(self._translations, role, english) for role in roles)
        return next((text for text in said if text != english), english)

    def _transcript(self, run: ShownRun) -> Iterator[str]:
        """What a recorded run printed, as far as it is shown, and how it ended if not well."""
        dots = run.drawing.dots
        lines = [dot.text for dot in dots[:MOST_LINES]]
        if more := len(dots) - len(lines) + run.drawing.left_out:
            lines.append(self._say("book.more-lines", n=more))
        if lines:
            yield _fenced("\n".join(lines), "text")
        else:
            yield self._say("book.printed-nothing")
        if run.ending != ending_text(Exited(0)):
            yield self._say("book.ended", ending=self._words.phrase(run.ending).text)
        if not run.plain_times:
            steered = self._say("book.steered")
            yield f"*{steered}*"

    def _checks(self, program: Program, seen: Seen | None) -> Iterator[str]:
        """How many runs there were, and what was checked of them."""
        left_out = seen.left_out if seen is not None else {}
        claims = [
            prop
            for prop in self._page.spec.properties
            if prop.covers(program) and prop.name not in left_out
        ]
        run = self._runs(seen)
        which = "book.checked-one" if len(claims) == 1 else "book.checked"
        yield from self._details(self._say(which, run=run, n=len(claims)), claims)

    def _runs(self, seen: Seen | None) -> str:
        """How many runs stand behind what is said."""
        if seen is None:
            return self._say("book.verified")
        which = "book.runs" if self._directive.wants_transcript and seen.shown else "book.all-runs"
        return self._say(which, n=seen.total.runs, toolchain=seen.toolchain.title)

    def _refusal(self, program: Program) -> Iterator[str]:
        """What the compiler says, and what is claimed of that."""
        found = [each for each in self._page.refusals if each.program == program.name]
        if found and self._directive.wants_transcript:
            yield _fenced(found[0].rendered, "text")
        claims = [prop for prop in self._page.spec.properties if prop.covers(program)]
        codes = tuple(dict.fromkeys(_codes(claims)))
        by = found[0].toolchain if found else "rustc"
        yield from self._details(self._say("book.refused", by=by, codes=codes), claims)

    def _details(self, summary: str, claims: Iterable[Property]) -> Iterator[str]:
        """Claims to be unfolded, where the book can do that; else a list."""
        sentences = [f"- {_escaped(self._words.sentence(prop))}" for prop in claims]
        if self._style.has_columns:
            yield f"<details{self._style.attribute}><summary>{_escaped_html(summary)}</summary>"
            yield "\n".join(sentences)
            yield "</details>"
        else:
            yield f"{summary}:"
            yield "\n".join(sentences)

    def _link(self) -> str:
        """A link to the pair's page, if the book says where the site is; else its title alone."""
        spec = self._page.spec
        title = _escaped(self._words.text(self._translations, "title", spec.title))
        address = self._shelf.links.of(spec)
        return f"[{title}]({address}) (`{spec.id}`)" if address else f"{title} (`{spec.id}`)"

    def _say(self, message_id: str, **arguments: str | int | tuple[str, ...]) -> str:
        return self._words.phrase(say(message_id, **arguments)).text


def _codes(claims: Iterable[Property]) -> Iterator[str]:
    """The codes of the errors that a program is claimed to be refused with."""
    for prop in claims:
        if isinstance(prop.rule, CompileError):
            yield from (error.code for error in prop.rule.errors if error.code)


def _fenced(text: str, info: str) -> str:
    """A block of code with a fence that nothing in it can close."""
    longest = max((len(found) for found in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, but for code between backticks."""
    parts = _CODE.split(text)
    return "".join(
        part if _CODE.fullmatch(part) else _SPECIAL.sub(r"\\\1", part.replace("<", "&lt;"))
        for part in parts
    )


def _escaped_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
