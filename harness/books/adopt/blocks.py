"""The programs of a chapter and what it prints of them: code blocks, grouped to examples. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from markdown_it import MarkdownIt

from harness.authoring.scaffold import is_taken_word
from harness.values.program import Side

_INFO = re.compile(r"[\s{]*\.?(?P<word>[\w+-]*)")
_OF_A_SHELL = re.compile(r"\s*(?:\$ |> |(?:Compiling|Finished|Running|Blocking) )")
_PROGRAMS = {
    "python": Side.PYTHON, "python3": Side.PYTHON, "py": Side.PYTHON,
    "rust": Side.RUST, "rs": Side.RUST,
}  # fmt: skip
_OUTPUTS = frozenset(("", "text", "txt", "plaintext", "plain", "output", "console", "shell", "sh"))
_NAME = re.compile(r"[^a-z0-9]+")


class BlockKind(Enum):
    """What a code block of a chapter is taken for."""

    PYTHON = auto()
    RUST = auto()
    PRINTED = auto()

    @property
    def side(self) -> Side | None:
        """The side of a program; a printed output has none of its own."""
        return {BlockKind.PYTHON: Side.PYTHON, BlockKind.RUST: Side.RUST}.get(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """A code block: its first line of code in the chapter, from 1, and the heading above it."""

    kind: BlockKind
    text: str
    line: int
    heading: str = ""
    section: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPair:
    """An example of a chapter: a program of each side, or of one, with what is printed of it."""

    title: str
    programs: dict[Side, CodeBlock] = field(default_factory=dict)
    printed: dict[Side, CodeBlock] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """Where it begins."""
        return min(block.line for block in self.programs.values())


def blocks_of(chapter: str) -> Iterator[CodeBlock]:
    """The programs and printed outputs of a chapter, in its order."""
    heading, section = "", 0
    tokens = MarkdownIt("commonmark").parse(chapter)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            heading, section = _plain(following.content), section + 1
        if token.type in ("fence", "code_block") and token.map:
            kind = _kind_of(token.info, token.content)
            text = _unshelled(token.content) if kind is BlockKind.PRINTED else token.content
            if kind is not None and text.strip():
                yield CodeBlock(
                    kind=kind,
                    text=text,
                    line=token.map[0] + 1 + (token.type == "fence"),
                    heading=heading,
                    section=section,
                )


def found_in(blocks: Iterable[CodeBlock]) -> tuple[FoundPair, ...]:
    """The examples: what stands in one section, one of each language, is a pair.

    What is printed behind a program is that program's; of a pair that prints once, at its end, it
    is both programs'.
    """
    examples: list[FoundPair] = []
    last: tuple[FoundPair, Side] | None = None
    for block in blocks:
        side = block.kind.side
        if side is not None:
            found = _partner(examples, block, side)
            if found is None:
                found = FoundPair(title=block.heading)
                examples.append(found)
            found.programs[side] = block
            last = found, side
        elif last is not None and last[1] not in last[0].printed:
            last[0].printed[last[1]] = block
    return tuple(map(_shared, examples))


def _partner(examples: Sequence[FoundPair], block: CodeBlock, side: Side) -> FoundPair | None:
    """The first example of the section that lacks this side."""
    for found in examples:
        (first, *_) = found.programs.values()
        if first.section == block.section and side not in found.programs:
            return found
    return None


def _shared(found: FoundPair) -> FoundPair:
    """What a pair prints once is printed by both, unless only a compiler can have said it."""
    if len(found.programs) == 2 and len(found.printed) == 1:
        (block,) = found.printed.values()
        is_last = all(block.line > program.line for program in found.programs.values())
        if is_last and not is_compilers(block.text):
            found.printed.update(dict.fromkeys(found.programs, block))
    return found


def is_compilers(printed: str) -> bool:
    """Whether the text is what rustc says of a program that it refuses."""
    return bool(re.search(r"^error(?:\[E\d{4}\])?: ", printed, re.MULTILINE))


def name_of(title: str, taken: Iterable[str], fallback: str) -> str:
    """A name for an example, of the letters of its title that a directory may have."""
    name = _NAME.sub("-", title.lower()).strip("-")[:40].strip("-")
    name = name if re.match(r"[a-z].", name) else fallback
    name = f"{name}-pair" if is_taken_word(name) else name
    known = set(taken)
    candidates = (name, *(f"{name}-{number}" for number in range(2, len(known) + 3)))
    return next(each for each in candidates if each not in known)


def _kind_of(info: str, text: str) -> BlockKind | None:
    """What a block is, by the word behind its fence; without one by what it looks like."""
    found = _INFO.match(info)
    word = found["word"].lower() if found else ""
    if word in _PROGRAMS:
        return BlockKind.PYTHON if _PROGRAMS[word] is Side.PYTHON else BlockKind.RUST
    if word not in _OUTPUTS:
        return None
    return (None if word else _guessed(text)) or BlockKind.PRINTED


def _guessed(text: str) -> BlockKind | None:
    """The language of a block that does not say it, where there is no doubt."""
    if re.search(r"^\s*fn \w+|^use std::", text, re.MULTILINE):
        return BlockKind.RUST
    if re.search(r"^(?:from \w[\w.]* import |import \w+$|def \w+\(.*\).*:$)", text, re.MULTILINE):
        return BlockKind.PYTHON
    return None


def _unshelled(text: str) -> str:
    """Without what was typed, and what cargo says before a program runs."""
    lines = (line for line in text.splitlines() if not _OF_A_SHELL.match(line))
    return "".join(f"{line}\n" for line in lines)


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[`*_]|\{#[\w-]+\}", "", heading).split())
