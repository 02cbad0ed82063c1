"""What breaks an example: its controls, each as a diff, with the traces that show the break."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from markupsafe import Markup

from harness.language.declarations import Spec
from harness.language.sources import text_of
from harness.proof.shown import Broken, BrokenProperty, MarkedLine
from harness.proof.variants import variants_of
from harness.site.data import PageData
from harness.site.highlight import highlighted_lines
from harness.site.texts import Translations
from harness.site.views.truth import ClaimLink, claim_links
from harness.site.words import Phrase, Words
from harness.values.program import Side
from harness.values.run import thread_name

MAX_TRACES = 1
"""Properties of one control that a trace is shown for; of others the message says enough."""

CONTEXT = 1
"""Unchanged lines that are shown around a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of a diff: ``ins``, ``del``, an unchanged ``span``, ``small`` for lines left out."""

    tag: str
    code: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """One line of a failing trace; ``place`` is its number and its thread, set in columns."""

    place: str
    text: str
    is_marked: bool
    note: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationView:
    """How one property broke."""

    claim: ClaimLink
    message: Phrase
    expected: Phrase
    found: Phrase
    schedule: str
    lines: tuple[TraceLine, ...]
    total: int


_OF_A_SIDE = re.compile(r"(?:, in (?:Python|Rust)| \((?:파이썬|러스트)\))$")
"""How the name of a control ends that is there for each side: it stands below that side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakView:
    """One control: what is changed, what it must break, and what it did break.

    ``further`` are what it breaks beside the first, whose trace is shown.
    """

    id: str
    name: str
    why: str
    side: str
    program: str
    path: str
    breaks: tuple[ClaimLink, ...]
    diff: tuple[DiffLine, ...]
    broken: tuple[ViolationView, ...]
    further: tuple[ClaimLink, ...]
    unbroken: tuple[ClaimLink, ...]
    toolchain: str
    trouble: Phrase
    is_tried: bool
    command: str


def break_views(
    data: PageData, words: Words, translations: Translations, harness: str
) -> tuple[tuple[str, tuple[BreakView, ...]], ...]:
    """The controls of each side that has some, Python's first; ``harness`` is how it is called."""
    views = tuple(_views(data, words, translations, harness))
    grouped = ((s.value, tuple(view for view in views if view.side == s.value)) for s in Side)
    return tuple((side, of_side) for side, of_side in grouped if of_side)


def _views(
    data: PageData, words: Words, translations: Translations, harness: str
) -> Iterator[BreakView]:
    """Each control and what its variant breaks, with a link to what is claimed."""
    spec = data.spec
    links = claim_links(data, words)
    whys = {control.name: control.why for control in spec.controls}

    def read(path: str) -> str:
        known = data.sources.get(path)
        return text_of(spec, path) if known is None else known

    for index, variant in enumerate(variants_of(spec, read), 1):
        name, why = variant.name, whys.get(variant.name, "")
        shown = data.broken.get(name)
        before = data.source(variant.program)
        broken = _violations(shown, variant.breaks, links, words) if shown else ()
        told = {each.claim.name for each in broken[:1]}
        yield BreakView(
            id=f"break-{index}",
            name=_OF_A_SIDE.sub("", _name(spec, name, words, translations)),
            why=words.text(translations, f"control {name}: why", why) if why else "",
            side=variant.side.value,
            program=variant.program.name,
            path=variant.program.path,
            breaks=tuple(links[each] for each in variant.breaks if each in links),
            diff=_diff_of(before, variant.text, variant.side),
            broken=broken,
            further=tuple(links[n] for n in variant.breaks if n in links and n not in told),
            unbroken=tuple(links[each] for each in shown.unbroken if each in links)
            if shown
            else (),
            toolchain=shown.toolchain if shown else "",
            trouble=words.phrase(shown.trouble if shown else ""),
            is_tried=shown is not None,
            command=f"{harness} break {spec.name} {_quoted(name)}",
        )


def _violations(
    shown: Broken, named: Collection[str], links: Mapping[str, ClaimLink], words: Words
) -> tuple[ViolationView, ...]:
    """The named properties that broke; a trace that was just shown is not shown again."""
    views: list[ViolationView] = []
    for each in shown.broken:
        if each.name in named and each.name in links:
            lines = _trace(each, words)
            is_brief = len(views) >= MAX_TRACES
            is_same = is_brief or any(view.lines == lines for view in views)
            views.append(
                ViolationView(
                    claim=links[each.name],
                    message=words.phrase(each.message),
                    expected=words.value("" if is_brief else each.expected),
                    found=words.value("" if is_brief else each.found),
                    schedule="" if is_same else each.schedule,
                    lines=() if is_same else lines,
                    total=each.total,
                )
            )
    return tuple(views)


def _trace(each: BrokenProperty, words: Words) -> tuple[TraceLine, ...]:
    """The lines that show it, with their threads where these are known."""
    digits = len(str(each.total))
    threads = [_thread(line, words) for line in each.lines]
    column = max(map(len, threads), default=0)
    return tuple(
        TraceLine(
            place=f"{line.number:>{digits}}  {f'{thread:<{column}}  ' if column else ''}",
            text=line.text,
            is_marked=line.note is not None,
            note=words.value(line.note or ""),
        )
        for line, thread in zip(each.lines, threads, strict=True)
    )


def _thread(line: MarkedLine, words: Words) -> str:
    """Which thread wrote the line, where a controlled run told."""
    if line.thread is None:
        return ""
    return words.phrase(thread_name(line.thread)).text


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _name(spec: Spec, name: str, words: Words, translations: Translations) -> str:
    """The control's name as a reader's language has it; a mended twin names its program."""
    if any(control.name == name for control in spec.controls):
        return words.text(translations, f"control {name}", name)
    return words.say("breaks.twin", program=name.rpartition(" ")[2])


@lru_cache(maxsize=4096)
def _diff_of(before: str, after: str, side: Side) -> tuple[DiffLine, ...]:
    """The change, which is the same in each language."""
    return tuple(diff_lines(before, after, side))


def diff_lines(before: str, after: str, side: Side) -> Iterator[DiffLine]:
    """The change from ``before`` to ``after``, both highlighted, with a little around it."""
    old, new = before.rstrip("\n").split("\n"), after.rstrip("\n").split("\n")
    old_code, new_code = highlighted_lines(before, side), highlighted_lines(after, side)
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    for index, group in enumerate(groups):
        if index:
            yield DiffLine(tag="small")
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                yield from (DiffLine(tag="span", code=line) for line in old_code[start:end])
                continue
            yield from (DiffLine(tag="del", code=line) for line in old_code[start:end])
            yield from (DiffLine(tag="ins", code=line) for line in new_code[new_start:new_end])
