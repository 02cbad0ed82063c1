"""The form that specs had before ``[always.NAME]`` and ``breaks.toml``: still read, and said to be.

A document of that form is turned into the tables of the present one before
anything else is read of it, so that nothing but this module knows of it. What
is wrong is told by the key and the line that its author wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.language.declarations import ALWAYS, BREAKS_FILE, SOMETIMES
from harness.language.properties.registry import FAMILIES
from harness.language.spec import properties
from harness.language.spec.selection import written
from harness.language.tables import Source
from harness.values.errors import SpecError
from harness.values.program import Side

_Tables = dict[str, Any]

_GRADES = {"required": SOMETIMES}
"""Grades of outcomes that have another name now."""

_SIDES = tuple(side.value for side in Side)


MOVED = {
    "property": f"expected [{ALWAYS}.NAME], or [{SOMETIMES}.NAME] for what some run must show, "
    "found [[property]]",
    "control": f'expected it in {BREAKS_FILE} beside this file, as ["NAME"], found [[control]]',
    "survivor": f'expected it in {BREAKS_FILE} beside this file, as ["NAME"] with breaks = [], '
    "found [[survivor]]",
    "topic": "expected no such key: the topic is the directory above the example's",
    "order": "expected no such key: the order of reading stands in the corpus.toml of the corpus",
}
"""Keys that a spec had once, and where what they said is said now."""


@dataclass(frozen=True)
class FormerSource(Source):
    """A text of the former form; ``paths`` say which of its keys each present key was made from."""

    paths: Mapping[str, str] = field(default_factory=dict)

    def line_of(self, key_path: str) -> int:
        """The line of the key that it was made from."""
        return super().line_of(self._former(key_path))

    def fault(self, key_path: str, message: str, *, at: str = "") -> SpecError:
        """The error, told of the key that it was made from."""
        return super().fault(self._former(key_path), message, at=self._former(at))

    def _former(self, key_path: str) -> str:
        """Where a key stands in the text that the author has written."""
        for present, former in self.paths.items():
            if key_path == present or key_path.startswith((f"{present}.", f"{present}[")):
                return former + key_path[len(present) :]
        return key_path


@dataclass(frozen=True, slots=True)
class Present:
    """What a former document says in the present form: its claims, and its variants."""

    claims: _Tables
    variants: _Tables
    source: FormerSource


def is_former(tables: Mapping[str, Any]) -> bool:
    """Whether it is wholly of the former form; one that is of both is refused where it mixes."""
    return isinstance(tables.get("property"), list) and not {ALWAYS, SOMETIMES} & tables.keys()


def in_present_form(source: Source, tables: Mapping[str, Any]) -> Present:
    """Turn a former document into the present form; raises SpecError where that has no place."""
    claims: _Tables = {key: value for key, value in tables.items() if key not in MOVED}
    paths: dict[str, str] = {}
    for path, item in _items(source, tables, "property"):
        word, name, prop = _property(source, path, item)
        if name in claims.get(ALWAYS, {}) or name in claims.get(SOMETIMES, {}):
            raise source.fault(path, f'a second property "{name}"')
        claims.setdefault(word, {})[name] = prop
        paths[f"{word}.{name}"] = path
    variants: _Tables = {}
    for path, item in _items(source, tables, "control"):
        name = _named(source, path, item, "name")
        variants.setdefault(name, {}).update(_variant(source, path, item))
        paths[name] = path
    for path, item in _items(source, tables, "survivor"):
        name = f"{_named(source, path, item, 'mutation')} unseen"
        variants[name] = _unseen(source, path, item)
        paths[name] = path
    return Present(claims, variants, FormerSource(source.path, source.text, paths))


def _items(
    source: Source, tables: Mapping[str, Any], key: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of a list of tables, each by its path."""
    items = tables.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise source.fault(key, f"expected a list of tables, as [[{key}]]")
    for index, item in enumerate(items):
        yield f"{key}[{index}]", item


def _named(source: Source, path: str, item: Mapping[str, Any], key: str) -> str:
    """The name that an item of an array says; today it stands in the header."""
    name = item.get(key)
    if not isinstance(name, str) or not name:
        raise source.fault(path, f'expected the key "{key}", a text')
    return name


def _property(
    source: Source, path: str, item: Mapping[str, Any]
) -> tuple[str, str, Mapping[str, Any]]:
    """The table in which it stands now, its name, and what it says."""
    name = _named(source, path, item, "name")
    scope = item.get("in", "every-run")
    if scope not in ("every-run", "some-run"):
        raise source.fault(f"{path}.in", 'expected one of "every-run", "some-run"')
    prop = {key: value for key, value in item.items() if key not in properties.MOVED}
    for family in FAMILIES.keys() & prop.keys():
        if isinstance(prop[family], dict):
            prop[family] = _rule(family, prop[family], prop)
    programs = _programs(item.get("side"), item.get("program"))
    if programs and not (programs == [item.get("side")] and _is_of_one_side(prop)):
        prop["programs"] = programs
    return (SOMETIMES if scope == "some-run" else ALWAYS), name, prop


def _is_of_one_side(prop: Mapping[str, Any]) -> bool:
    """Whether it says by itself which side it is of."""
    ending = prop.get("ending")
    return "compile-error" in prop or (isinstance(ending, dict) and "reports" in ending)


def _rule(family: str, rule: _Tables, prop: _Tables) -> _Tables:
    """The table of a family in today's words; what belongs to the property goes there."""
    rule = dict(rule)
    if family == "agreement" and isinstance(rule.get("programs"), dict):
        named = rule.pop("programs")
        prop["programs"] = [written(side, name) for side, name in named.items()]
    if family == "outcomes" and isinstance(rule.get("are"), list):
        rule["are"] = [_outcome(entry) for entry in rule["are"]]
    return rule


def _outcome(entry: object) -> object:
    """An outcome, whose reason stands under its grade now."""
    if not isinstance(entry, dict) or not {"grade", "why"} <= entry.keys():
        return entry
    grade = _GRADES.get(entry["grade"], entry["grade"])
    rest = {key: value for key, value in entry.items() if key not in ("grade", "why")}
    return {**rest, grade: entry["why"]}


def _programs(side: object, program: object) -> list[Any]:
    """The programs that a property is of; empty: the main ones of both sides."""
    names = list(program) if isinstance(program, list) else [program or "main"]
    if side is None:
        return [] if names == ["main"] else names
    return [written(side, name) if ":" not in str(name) else name for name in names]


def _variant(source: Source, path: str, item: Mapping[str, Any]) -> _Tables:
    """A control or a survivor of one side, as the table of a variant."""
    if "patch" in item:
        raise source.fault(f"{path}.patch", 'expected "replace" and "with": patches are gone')
    side = item.get("side")
    if side not in _SIDES:
        raise source.fault(path, 'expected the key "side": "python" or "rust"')
    edits = item.get("edits", [{key: item[key] for key in ("replace", "with") if key in item}])
    kept = {key: item[key] for key in ("breaks", "why") if key in item}
    return {**kept, written(side, item.get("program", "main")): edits}


def _unseen(source: Source, path: str, item: Mapping[str, Any]) -> _Tables:
    """An accepted mutation of traces; one of a program went by a number that changed with lines."""
    mutation = item["mutation"]
    if mutation.partition(":")[0] in _SIDES:
        raise source.fault(
            f"{path}.mutation",
            'expected what the mutant changes, in breaks.toml: ["NAME"] with breaks = [], "why", '
            'and under its program { replace = "…", with = "…" }',
        )
    unseen = {"breaks": [], "why": item.get("why", ""), "trace": mutation}
    programs = _programs(item.get("side"), item.get("program"))
    return {**unseen, "programs": programs} if programs else unseen
