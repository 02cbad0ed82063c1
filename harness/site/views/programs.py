"""The programs of an example, set side by side step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from harness.language.declarations import Spec
from harness.language.properties.compile_error import CompileError
from harness.language.spec.programs import LIBRARY
from harness.machine.cargo.manifests import has_library
from harness.site.comments import comments_of, translated
from harness.site.data import PageData
from harness.site.documentation import linked_lines
from harness.site.highlight import highlighted_lines
from harness.site.lookup_names import names_in
from harness.site.online import online_address
from harness.site.steps import StepRow, align
from harness.site.texts import Translations, comment_role, prose_role, step_role
from harness.site.words import KOREAN, Words
from harness.values.program import Program, Side

_NOTES = re.compile(r"\nnote: ")
"""Where a compiler's message goes on in notes that are not beside the line of the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideView:
    """One side of a program: where it lies, and why it is refused if it is.

    ``online`` opens it where it can be run without installing anything, if it can. ``errors`` are
    a toolchain, what its compiler says, and the notes that it adds.
    """

    side: str
    path: str
    href: str
    source: str
    online: str = ""
    refused: str = ""
    errors: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """A piece of one side's code; ``heading`` is there where the sides' headings differ."""

    side: str
    code: Markup = field(default_factory=Markup)
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One step of all sides, or what stands before it (then the number is 0).

    ``prose`` tells of the step what its heading does not.
    """

    number: int
    heading: str
    prose: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramView:
    """One program on the sides that have it."""

    name: str
    summary: str
    sides: tuple[SideView, ...]
    rows: tuple[RowView, ...]

    @property
    def is_main(self) -> bool:
        """Whether it is the program that the example is about."""
        return self.name == "main"


def program_views(
    data: PageData, words: Words, translations: Translations
) -> tuple[ProgramView, ...]:
    """All programs, main first."""
    names = dict.fromkeys(program.name for program in data.spec.programs)
    return tuple(_program_view(data, name, words, translations) for name in names)


def module_view(data: PageData) -> Markup | None:
    """The code of the module in Rust that the Python programs import, if there is one."""
    source = data.sources.get(LIBRARY)
    if source is None:
        return None
    lines = highlighted_lines(source, Side.RUST)
    names = names_in(Side.RUST, source)
    return Markup("\n").join(
        linked_lines(lines, source, names, Side.RUST, _version(data, Side.RUST))
    )


def programs_named(data: PageData, name: str) -> tuple[Program, ...]:
    """The program of that name on each side that has it, Python first."""
    return tuple(p for side in Side if (p := data.spec.program(side, name)))


def _program_view(
    data: PageData, name: str, words: Words, translations: Translations
) -> ProgramView:
    """One program, both sides beside each other, step by step."""
    programs = programs_named(data, name)
    summary = next((p.summary for p in programs if p.summary), "")
    rows = align([data.source(program) for program in programs])
    numbers = shown_numbers(rows)
    lines = {program.side: _lines(data, program, words, translations) for program in programs}
    return ProgramView(
        name=name,
        summary=words.text(translations, f"program {name}", summary) if summary else "",
        sides=tuple(_side_view(data, program) for program in programs),
        rows=tuple(
            replace(_row_view(data, programs, row, lines, words, translations), number=number)
            for row, number in zip(rows, numbers, strict=True)
        ),
    )


def shown_numbers(rows: Sequence[StepRow]) -> tuple[int, ...]:
    """The numbers that a page gives the rows, which rise: 0 for those that are no steps.

    A step in a function that stands above the main that calls it comes first, whatever number
    its program gives it: to move its code away from the function's head would tear that apart.
    """
    in_order = iter(sorted(row.number for row in rows if row.number))
    return tuple(next(in_order) if row.number else 0 for row in rows)


def _row_view(
    data: PageData,
    programs: tuple[Program, ...],
    row: StepRow,
    lines: Mapping[Side, Sequence[Markup | None]],
    words: Words,
    translations: Translations,
) -> RowView:
    """One step: a heading that both sides share stands above them, one of a side above its code."""

    def heading_of(program: Program, english: str) -> str:
        role = step_role(program.name, row.number, program.side, shared=bool(row.heading))
        return words.text(translations, role, english) if english else ""

    headings = row.headings or ("",) * len(programs)
    said = [heading_of(program, text) for program, text in zip(programs, headings, strict=True)]
    shared = next(filter(None, said), "") if row.heading else ""
    cells = []
    for program, piece, text in zip(programs, row.pieces, said, strict=True):
        code = Markup()
        if piece:
            within = lines[program.side][piece.start : piece.end]
            code = Markup("\n").join(line for line in within if line is not None)
        cells.append(CellView(side=program.side.value, code=code, heading="" if shared else text))
    step = f"{programs[0].name} {row.number}"
    prose = data.prose.get(step, "")
    told = words.text(translations, prose_role(step), prose) if prose else ""
    return RowView(number=row.number, heading=shared, prose=told, cells=tuple(cells))


def _lines(
    data: PageData, program: Program, words: Words, translations: Translations
) -> tuple[Markup | None, ...]:
    """The program's lines, what it uses of the library led to the documentation of its version.

    Comments are in the page's language; ``None`` is a line that one takes less there.
    """
    side, source = program.side, data.source(program)
    names = names_in(side, source)
    lines = linked_lines(highlighted_lines(source, side), source, names, side, _version(data, side))
    if words.code != KOREAN:
        return lines
    comments = comments_of(source, side)
    told = {each.text: translations.texts.get(comment_role(each.text)) for each in comments}
    return translated(lines, comments, {text: pair[1] for text, pair in told.items() if pair})


def _version(data: PageData, side: Side) -> str:
    """The version that ran the programs of a side most; empty if none did."""
    seen = (each for each in data.seen if each.toolchain.side is side)
    most = max(seen, key=lambda each: each.total.runs, default=None)
    return most.toolchain.version if most is not None else ""


def _side_view(data: PageData, program: Program) -> SideView:
    """A program with its source, its file on the site, and what compilers said who refuse it."""
    spec = data.spec
    refusals = [each for each in data.refusals if each.program == program.name]
    return SideView(
        side=program.side.value,
        path=program.path,
        href=f"files/{spec.topic}/{spec.name}/{program.path}.txt",
        source=data.source(program),
        online=online_address(spec, program, data.source(program), _version(data, program.side)),
        refused=_codes(data, program) if program.side is Side.RUST else "",
        errors=tuple((each.toolchain, *with_notes(each.rendered)) for each in refusals)
        if program.side is Side.RUST
        else (),
    )


def with_notes(said: str) -> tuple[str, str]:
    """What a compiler says, and the notes that it adds: where the bound comes from, and so on."""
    found = _NOTES.search(said)
    return (said[: found.start()], said[found.start() + 1 :]) if found else (said, "")


def _codes(data: PageData, program: Program) -> str:
    """The codes of the errors that the compiler is to refuse the program with."""
    return ", ".join(_codes_of(data, program))


def _codes_of(data: PageData, program: Program) -> Iterator[str]:
    """The codes by which a program is refused."""
    for prop in data.spec.properties:
        if isinstance(prop.rule, CompileError) and prop.covers(program):
            yield from (error.code or "error" for error in prop.rule.errors)


def commands_for(data: PageData) -> tuple[tuple[str, str], ...]:
    """What a reader types to run main by itself, from the repository's root, and of which side.

    A library that Python loads is built first: ``cargo run`` leaves it where nobody looks.
    """
    programs = programs_named(data, "main")
    commands = [(program.side.value, _command_for(data.spec, program)) for program in programs]
    if has_library(data.spec.directory):
        build = f"cargo build --manifest-path {_place_of(data.spec)}/Cargo.toml"
        commands.insert(0, (Side.RUST.value, build))
    return tuple(commands)


def _place_of(spec: Spec) -> str:
    return f"examples/{spec.topic}/{spec.name}"


def _command_for(spec: Spec, program: Program) -> str:
    """What a reader types to run the program from where the corpus is."""
    arguments = " ".join(program.args)
    place = _place_of(spec)
    if program.side is Side.PYTHON:
        return f"python3 {place}/{program.path} {arguments}".strip()
    binary = program.path.removeprefix("src/bin/").removesuffix(".rs")
    chosen = spec.name if program.path == "src/main.rs" else binary
    command = f"cargo run --manifest-path {place}/Cargo.toml --bin {chosen}"
    return f"{command} -- {arguments}" if arguments else command
