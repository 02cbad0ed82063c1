"""compile-error: the compiler refuses the program, with exactly these errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar, assert_never

from harness.language.properties.base import Family, Key, Rule, Sample, Told
from harness.language.properties.messages import Expected, left_over, parse_message
from harness.language.properties.selectors import Events
from harness.language.tables import Table
from harness.values.finding import Violation
from harness.values.messages import Message, say
from harness.values.program import Side
from harness.values.toolchain import Build, Built, Diagnostic, NotBuilt, Place, Refused

_CODE = re.compile(r"(?:E\d{4}|[a-z][a-z_:]*)$")

_UNMET = "E0277"
"""A requirement that is not met: one compiler says so once, another (1.101) for each place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """One error as it is declared; what is empty or ``None`` is not asked.

    ``at`` is a part of the line on which the primary span starts: of the only
    such line or, with ``nth``, of the nth.
    """

    code: str = ""
    message: Expected | None = None
    at: str = ""
    nth: int | None = None

    @property
    def told(self) -> Message:
        """``E0373 at "|| {"``."""
        quoted = "" if self.message is None else f'"{self.message}"'
        return say(
            "compile.error",
            error=" ".join(filter(None, (self.code, quoted))),
            place=say("at-text", text=self.at) if self.at else "",
            which=say("compile.nth", n=self.nth) if self.nth else "",
        )

    def fits(self, found: Diagnostic, source: Sequence[str]) -> bool:
        """Whether ``found`` is such an error of the program with these lines."""
        return (
            (not self.code or found.code == self.code)
            and (self.message is None or self.message.matches(found.message))
            and (not self.at or (found.place is not None and self._is_at(found.place, source)))
        )

    def _is_at(self, place: Place, source: Sequence[str]) -> bool:
        """Whether the error stands on the line that holds ``at``.

        On the ``nth`` of those, if that is said.
        """
        if self.at not in place.text:
            return False
        if self.nth is None:
            return True
        # Lines count from 1, so that the slice goes up to the line itself.
        return sum(self.at in line for line in source[: place.line]) == self.nth


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileError(Rule):
    """Building the program gives ``errors`` and no others; the program ``mended`` compiles."""

    family: ClassVar[str] = "compile-error"

    errors: tuple[Error, ...]
    mended: str

    def sentence(self) -> Message:
        """``the compiler refuses it with E0373 at `|| {`; the program `mended` compiles``."""
        return say("compile", errors=self._told, mended=self.mended)

    @property
    def _told(self) -> tuple[Message, ...]:
        return tuple(error.told for error in self.errors)

    def judge_build(self, build: Build, source: str) -> Sequence[Violation]:
        """Compare the compiler's errors with those declared, whatever their order."""
        match build:
            case Built():
                return (self._compiled(),)
            case Refused(diagnostics=diagnostics):
                return self._compare(diagnostics, source.split("\n"))
            case NotBuilt():
                return ()
            case _:
                assert_never(build)

    def _compiled(self) -> Violation:
        """The compiler has taken what it should refuse."""
        return Violation(
            message=say("compile.not-refused"),
            expected=say("all", items=self._told),
            found=say("compile.no-error"),
        )

    def _compare(
        self, diagnostics: Sequence[Diagnostic], source: Sequence[str]
    ) -> Sequence[Violation]:
        """Claims and errors are matched in any order.

        Compilers of different versions report in their own.
        """
        errors = [diagnostic for diagnostic in diagnostics if not is_summary(diagnostic)]
        missing, extra = left_over(
            self.errors, errors, lambda claim, error: claim.fits(error, source)
        )
        expected = [error for error in errors if not any(error is other for other in extra)]
        extra = [error for error in extra if not _repeats(error, expected)]
        # Paired as far as they go: an error in the place of another is one finding, not two.
        return [_wrong(claim, error) for claim, error in zip_longest(missing, extra)]

    @property
    def allowed_sides(self) -> tuple[Side | None, ...]:
        """Only Rust has a compiler that is asked."""
        return (Side.RUST,)

    @property
    def mended_programs(self) -> tuple[str, ...]:
        """The twin that must compile."""
        return (self.mended,)

    @property
    def source_texts(self) -> tuple[tuple[str, int | None], ...]:
        """The places, and which of the lines that hold the text it is if there are several."""
        return tuple((error.at, error.nth) for error in self.errors if error.at)


def _repeats(error: Diagnostic, expected: Iterable[Diagnostic]) -> bool:
    """Whether it is a requirement that an expected error says to be unmet, on the same grounds.

    That is one error of the program, however many of its places ask for it.
    """
    return error.code == _UNMET and any(
        (error.code, error.message, error.notes) == (other.code, other.message, other.notes)
        for other in expected
    )


def is_summary(diagnostic: Diagnostic) -> bool:
    """Whether it only counts the errors before it."""
    return (
        not diagnostic.code
        and diagnostic.place is None
        and diagnostic.message.startswith(("aborting due to ", "could not compile "))
    )


def _wrong(claim: Error | None, error: Diagnostic | None) -> Violation:
    """One that is missing, one too many, or one in the place of another."""
    if claim is None:
        message = say("compile.one-more")
    elif error is None:
        message = say("compile.missing")
    else:
        message = say("compile.another")
    return Violation(
        message=message,
        expected=say("compile.no-further") if claim is None else claim.told,
        found=say("compile.no-further") if error is None else _describe(error),
    )


def _describe(error: Diagnostic) -> Message:
    """An error as a finding shows it: its code, its words and the line that it points at."""
    place = f'{error.place} "{error.place.text.strip()}"' if error.place is not None else ""
    return say(
        "compile.error",
        error=" ".join(filter(None, (error.code, f'"{error.message}"'))),
        place=say("at-place", place=place) if place else "",
        which="",
    )


def parse(table: Table, events: Events) -> CompileError:
    """Read the table of a compile error: one error, or ``errors``; and the mended program."""
    del events
    if "errors" in table:
        errors = tuple(_parse_inner(item) for item in table.tables("errors"))
        if not errors:
            table.fail("errors", "expected at least one error")
    else:
        errors = (_parse_error(table),)
    return CompileError(errors=errors, mended=table.text("mended"))


def _parse_inner(table: Table) -> Error:
    error = _parse_error(table)
    table.finish()
    return error


def _parse_error(table: Table) -> Error:
    """By its code, or by its message where rustc has no code for it."""
    code, at = table.text("code", ""), table.text("at", "")
    message = parse_message(table, "message")
    if not code and message is None:
        table.fail("", 'expected "code", or "message" where the compiler gives no code')
    if code and not _CODE.match(code):
        table.fail("code", f'expected a code such as "E0373", or a lint\'s name, found "{code}"')
    nth = table.integer("nth", None)
    if nth is not None and (nth < 1 or not at):
        table.fail("nth", 'expected which of the lines that hold "at" it is, from 1 on')
    return Error(code=code, message=message, at=at, nth=nth)


_REFUSED = Diagnostic(
    code="E0382",
    message="borrow of moved value: `names`",
    place=Place(file="src/main.rs", line=4, text='    println!("{names:?}");'),
)

_NO_CODE = Diagnostic(
    code="",
    message="lifetime may not live long enough",
    place=Place(file="src/main.rs", line=5, text="    one"),
)

_SOURCE = """\
fn longer<'a>(one: &str, other: &'a str) -> &'a str {
    let names = vec![other];
    drop(names);
    println!("{names:?}");
    one
}
"""

FAMILY = Family(
    name="compile-error",
    summary="The compiler refuses the program, with these errors and no others; a requirement "
    'that is not met (E0277) is one, however many places ask for it. For side = "rust".',
    keys=(
        Key(name="code", takes="text", says='the error\'s code, such as "E0373"'),
        Key(name="message", takes="pattern", says="its headline, where there is no code"),
        Key(name="at", takes="text", says="a part of the one source line where the error starts"),
        Key(name="nth", takes="number", says="which line, if several hold `at`"),
        Key(name="errors", takes="list of tables", says="several: these keys of each"),
        Key(name="mended", takes="program", says="the twin that must compile", required=True),
    ),
    parse=parse,
    samples=(
        Sample(
            events="",
            rule='compile-error = { code = "E0382", at = "println!", mended = "mended" }',
            accepted="",
            refused="",
            violation="it compiles, though the compiler should refuse it",
            accepted_with=Told(errors=(_REFUSED,)),
        ),
        Sample(
            events="",
            rule="""compile-error = { mended = "mended", errors = [
    { code = "E0382", at = "println!" },
    { message = "lifetime may not live long enough", at = "one", nth = 2 },
] }""",
            accepted="",
            refused="",
            violation="the compiler does not give every error that is expected",
            accepted_with=Told(errors=(_REFUSED, _NO_CODE)),
            refused_with=Told(errors=(_REFUSED,)),
            source=_SOURCE,
        ),
    ),
)
