"""From a chapter to a draft corpus: programs made whole, proposals, and what is printed judged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template

from harness.authoring.propose import Proposed, propose
from harness.authoring.scaffold import place_example, templates
from harness.bench.lab import open_lab
from harness.bench.options import Options
from harness.bench.subject import Subject
from harness.books.adopt.blocks import (
    CodeBlock,
    FoundPair,
    blocks_of,
    found_in,
    is_compilers,
    name_of,
)
from harness.books.adopt.judging import IMPOSSIBLE, Said, judge_printed, judge_refusal, printed_path
from harness.books.adopt.wholeness import made_whole
from harness.language.declarations import SPEC_FILE, Spec
from harness.language.discovery import find_directories
from harness.language.places import written_text
from harness.language.spec import load_spec
from harness.values.errors import SpecError
from harness.values.program import Side
from harness.values.toolchain import Refused, Toolchain

MENDED = """\
// Write here the program as the compiler takes it: what the refused one is held against.
fn main() {}
"""
_MENDED_PROGRAM = (
    "[programs.mended]",
    'summary = "A stand-in: what the compiler takes."',
    'rust    = "src/bin/mended.rs"',
)
_ENDS = """\
[always.it-ends]
why    = "a proposal: it was so in every run; say why it must be, or remove it"
ending = { code = 0 }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """One example of a chapter: where it lies now, what was added to it, what is printed of it."""

    id: str
    directory: Path
    line: int
    sides: tuple[Side, ...]
    notes: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter to be adopted into a corpus, as examples of one topic."""

    path: Path
    text: str
    corpus: Path
    topic: str

    @property
    def found(self) -> tuple[FoundPair, ...]:
        """The examples in it."""
        return found_in(blocks_of(self.text))


def adopt(
    chapter: Chapter,
    toolchains: Sequence[Toolchain],
    options: Options,
    tell: Callable[[Adopted], None],
) -> tuple[Adopted, ...]:
    """Write an example for each pair, or program, of the chapter, and say what is known of it.

    ``tell`` is called for each as soon as it is done. Raises HarnessError for what cannot be
    written or built at all.
    """
    adopted = []
    for number, found in enumerate(chapter.found, 1):
        taken = [directory.name for directory in find_directories(chapter.corpus)]
        name = name_of(found.title, taken, f"{chapter.topic}-{number}")
        adopted.append(_Adoption(chapter, found, name, toolchains, options).make())
        tell(adopted[-1])
    return tuple(adopted)


class _Adoption:
    """One example on its way into the corpus."""

    def __init__(
        self,
        chapter: Chapter,
        found: FoundPair,
        name: str,
        toolchains: Sequence[Toolchain],
        options: Options,
    ) -> None:
        self._chapter = chapter
        self._found = found
        self._name = name
        self._directory = (chapter.corpus / chapter.topic / name).absolute()
        self._toolchains = {each.side: each for each in toolchains}
        self._options = options
        self._sides = tuple(side for side in Side if side in found.programs)
        self._said: list[Said] = []
        self._notes: list[str] = []

    def make(self) -> Adopted:
        """Write it, run it, and judge what is printed of it."""
        workspace = self._chapter.corpus / "Cargo.toml"
        before = workspace.read_text(encoding="utf-8") if workspace.exists() else None
        self._write_programs()
        proposed: Proposed | None = self._propose()
        refused = proposed.gathered.refused.get("main") if proposed else None
        if refused is not None:
            proposed = self._with_a_refusal(refused, workspace, before)
        if proposed is not None:
            self._write_spec(proposed)
            self._judge(proposed)
        return Adopted(
            id=f"{self._chapter.topic}/{self._name}",
            directory=self._directory,
            line=self._found.line,
            sides=self._sides,
            notes=tuple(self._notes),
            said=tuple(self._said),
        )

    def _write_programs(self) -> None:
        """Write the fragments as programs of a new example, with a note of all that was added."""
        files: dict[str, str] = {}
        for side in self._sides:
            whole = made_whole(side, self._found.programs[side].text)
            self._notes += [f"{side.value}: {note}" for note in whole.notes]
            files["main.py" if side is Side.PYTHON else "src/main.rs"] = whole.text
        if Side.RUST in self._sides:
            files["Cargo.toml"] = Template(templates.MANIFEST).substitute(name=self._name)
        for side, block in self._found.printed.items():
            files[printed_path(Path(), side).as_posix()] = block.text
        place_example(self._chapter.corpus, self._chapter.topic, self._name, files)

    def _propose(self) -> Proposed:
        toolchains = tuple(self._toolchains[side] for side in self._sides)
        return propose(self._directory, toolchains, self._options)

    # --- what the compiler refuses ----------------------------------------------------

    def _with_a_refusal(
        self, refused: Refused, workspace: Path, before: str | None
    ) -> Proposed | None:
        """The proposals for an example whose crate does not compile.

        Where the chapter prints an error of the compiler, that is what it is about: the draft gets
        a stand-in for the mended twin. Else the fragment is kept beside the example, without its
        crate; ``None`` if nothing else is there.
        """
        compiler = self._toolchains[Side.RUST]
        printed = self._found.printed.get(Side.RUST)
        if printed is not None:
            self._said.append(judge_refusal(Side.RUST, printed, refused, compiler))
        if printed is not None and is_compilers(printed.text):
            (self._directory / "src" / "bin").mkdir()
            (self._directory / "src" / "bin" / "mended.rs").write_text(MENDED, encoding="utf-8")
            self._notes.append("rust: src/bin/mended.rs is a stand-in: write the mended twin")
            (self._directory / SPEC_FILE).write_text(self._head(), encoding="utf-8")
            return self._propose()
        self._set_the_fragment_aside(refused, workspace, before)
        return self._propose() if self._sides else None

    def _set_the_fragment_aside(
        self, refused: Refused, workspace: Path, before: str | None
    ) -> None:
        """Keep a fragment that does not compile beside the example, which has no such side then."""
        first = refused.diagnostics[0]
        code = f"{first.code}: " if first.code else ""
        self._notes.append(f"rust: fragment.rs does not compile: {code}{first.message}")
        (self._directory / "src" / "main.rs").rename(self._directory / "fragment.rs")
        shutil.rmtree(self._directory / "src")
        (self._directory / "Cargo.toml").unlink()
        if before is None:
            workspace.unlink()
        else:
            workspace.write_text(before, encoding="utf-8")
        self._sides = tuple(side for side in self._sides if side is not Side.RUST)
        if self._sides:
            place_example(self._chapter.corpus, self._chapter.topic, self._name, {})

    # --- the spec ---------------------------------------------------------------------

    def _write_spec(self, proposed: Proposed) -> None:
        """What is proposed; less, where a spec cannot say so."""
        path = self._directory / SPEC_FILE
        body = proposed.text if proposed.made else f"{proposed.text}\n{_ENDS}"
        path.write_text(f"{self._head()}\n{body.lstrip()}", encoding="utf-8")
        try:
            load_spec(self._directory)
        except SpecError as error:
            self._notes.append(f"the proposals were left out: {str(error).splitlines()[0]}")
            path.write_text(f"{self._head()}\n{_ENDS}", encoding="utf-8")

    def _head(self) -> str:
        """The beginning of the draft's spec: where it is from, and what is to be known of it."""
        chapter = self._chapter.path.name
        lines = [f"# Adopted from {chapter}, line {self._found.line}."]
        lines += [f"# {line}" for line in (*self._notes, *map(str, self._said))]
        lines += [
            f"title   = {written_text(self._found.title or self._name)}",
            f'summary = "A draft, from {chapter}: tell here what it shows."',
        ]
        if (self._directory / "src" / "bin" / "mended.rs").exists():
            lines += ["", *_MENDED_PROGRAM]
        return "\n".join(lines) + "\n"

    # --- what is printed --------------------------------------------------------------

    def _judge(self, proposed: Proposed) -> None:
        """Judge what the chapter says is printed, and write that into the head of the spec."""
        spec = load_spec(self._directory)
        told = {said.side for said in self._said}
        subjects = self._subjects(spec)
        for side, block in self._to_judge(told).items():
            said = judge_printed(spec, proposed.gathered, side, block, subjects.get(side))
            is_changed = any(note.startswith(f"{side.value}: added") for note in self._notes)
            if said.word == IMPOSSIBLE and is_changed:
                said = replace(said, why=f"{said.why}; of the program as it is made whole here")
            self._said.append(said)
        text = (self._directory / SPEC_FILE).read_text(encoding="utf-8")
        _, _, body = text.partition("\ntitle   = ")
        head = self._head().partition("\ntitle   = ")[0]
        (self._directory / SPEC_FILE).write_text(f"{head}\ntitle   = {body}", encoding="utf-8")

    def _to_judge(self, told: Iterable[Side]) -> Mapping[Side, CodeBlock]:
        """What the chapter prints of sides that nothing has been said of yet."""
        told = set(told)
        return {
            side: self._found.printed[side]
            for side in self._sides
            if side in self._found.printed and side not in told
        }

    def _subjects(self, spec: Spec) -> Mapping[Side, Subject]:
        """The programs that could be built."""
        toolchains = [self._toolchains[side] for side in self._sides]
        lab = open_lab([spec], toolchains, self._options)
        found = {}
        for side in self._sides:
            program = spec.program(side, "main")
            subject = lab.subject(spec, program, self._toolchains[side]) if program else None
            if subject is not None:
                found[side] = subject
        return found
