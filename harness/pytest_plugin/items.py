"""The items of the pytest plugin, and what they share in one session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from harness.bench.lab import Lab
from harness.bench.options import DEFAULT_RUNS, DEFAULT_SCHEDULES, Options
from harness.bench.planning import prepare
from harness.bench.verifying import verify
from harness.language.declarations import Spec
from harness.language.discovery import enlist
from harness.language.home import STATE_DIRECTORY
from harness.language.spec import load_spec
from harness.machine.toolchains import ChosenToolchains, ToolchainRequest, choose_toolchains
from harness.reports.styled import plain
from harness.reports.text import explanation_lines
from harness.values.errors import HarnessError, SpecError
from harness.values.program import Side
from harness.values.report import Outcome, Verdict
from harness.values.toolchain import Toolchain
from harness.values.words import count_of


class ExampleFile(pytest.File):
    """One example; collects to its sides."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each toolchain; one that fails, for a spec that cannot be taken.

        Raises CollectError for a second example of one name, and for the first
        example if a toolchain is missing: the others then have no items.
        """
        corpus = _corpus_of(self.config)
        try:
            enlist(self.path.parent, corpus.directories)
        except SpecError as error:
            raise self.CollectError(str(error)) from None
        try:
            spec = load_spec(self.path.parent)
        except SpecError as error:
            # An error of collection would keep every other example from being run.
            item: FaultItem = FaultItem.from_parent(self, name="spec", fault=error)
            yield item
            return
        try:
            chosen = corpus.chosen()
        except HarnessError as error:
            raise self.CollectError(str(error)) from None
        for line in corpus.news_of_unused():
            self.warn(pytest.PytestWarning(f"not used: {line}"))
        for toolchain in (each for each in chosen.toolchains if each.side in spec.sides):
            name = f"{toolchain.side.value}-{toolchain.label}"
            yield SideItem.from_parent(self, name=name, spec=spec, toolchain=toolchain)


class FaultItem(pytest.Item):
    """A spec that cannot be taken: it fails, and says why."""

    def __init__(self, *, fault: SpecError, **others: Any) -> None:
        super().__init__(**others)
        self.fault = fault

    def runtest(self) -> None:
        """Raises what loading has raised."""
        raise self.fault

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """File, line and what to do."""
        del style
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is, and its name in the heading of a failure."""
        line = self.fault.line - 1 if self.fault.line else None
        return self.path, line, f"{self.path.parent.parent.name}/{self.path.parent.name} · spec"


class SideItem(pytest.Item):
    """One side of one example with one toolchain."""

    def __init__(self, *, spec: Spec, toolchain: Toolchain, **others: Any) -> None:
        super().__init__(**others)
        self.spec = spec
        self.toolchain = toolchain
        if self.config.pluginmanager.hasplugin("xdist"):
            self.add_marker(pytest.mark.xdist_group(spec.id))

    @property
    def title(self) -> str:
        """``life-cycle/join · rust stable``."""
        return f"{self.spec.id} · {self.toolchain.side.value} {self.toolchain.label}"

    def runtest(self) -> None:
        """Conclude. Raises _NotPassedError with the verdict, which says all there is to say."""
        verdict = _corpus_of(self.config).verdict_of(self)
        self.user_properties += [("example", verdict.example), ("outcome", verdict.outcome.value)]
        match verdict.outcome:
            case Outcome.PASSED:
                return
            case Outcome.SKIPPED:
                pytest.skip(f"{self.title}: {verdict.reason}")
            case Outcome.INCONCLUSIVE:
                pytest.skip(f"{self.title}: inconclusive: {verdict.reason}")
            case Outcome.FAILED | Outcome.TIMED_OUT | Outcome.ERRORED:
                raise _NotPassedError(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong with the example, in our words; our own faults with their traceback."""
        if isinstance(excinfo.value, _NotPassedError):
            return plain(explanation_lines(excinfo.value.verdict))
        if isinstance(excinfo.value, HarnessError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the item is declared, and its name in the heading of a failure."""
        return self.path, None, self.title


class _NotPassedError(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.outcome.value)
        self.verdict = verdict


class _Session:
    """The examples of one session: toolchains are found, and programs built, once for all."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._selected: dict[str, dict[tuple[Side, str], SideItem]] = {}
        self._verdicts: dict[str, tuple[Verdict, ...]] = {}
        self.directories: dict[str, Path] = {}
        self._chosen: ChosenToolchains | None = None
        self._unused: list[str] = []

    def chosen(self) -> ChosenToolchains:
        """The toolchains that were asked for; raises ToolchainMissing once, and then has none."""
        if self._chosen is None:
            option = self._config.option
            request = ToolchainRequest(
                pythons=_listed(option.harness_python),
                rusts=_listed(option.harness_rust),
                every=option.harness_all_toolchains,
            )
            self._chosen = ChosenToolchains()
            self._chosen = choose_toolchains(request, Side)
            self._unused = list(self._chosen.missing)
        return self._chosen

    def news_of_unused(self) -> Iterator[str]:
        """What looks like a toolchain and cannot be used: each is told once."""
        while self._unused:
            yield self._unused.pop(0)

    @cached_property
    def options(self) -> Options:
        """What is asked of each example."""
        option = self._config.option
        return Options(
            runs=_given(option.harness_runs, DEFAULT_RUNS),
            schedules=_given(option.harness_schedules, DEFAULT_SCHEDULES),
            seed=option.harness_seed,
            state=option.harness_state_dir or self._config.rootpath / STATE_DIRECTORY,
        )

    @cached_property
    def _lab(self) -> Lab:
        """All selected examples, built in one go when the first of them is run.

        Cargo is slow to start.
        """
        items = [item for each in self._selected.values() for item in each.values()]
        specs = {item.spec.id: item.spec for item in items}
        used = {(item.toolchain.side, item.toolchain.label) for item in items}
        toolchains = [t for t in self.chosen().toolchains if (t.side, t.label) in used]
        return prepare(tuple(specs.values()), toolchains, self.options)

    def select(self, items: Iterable[SideItem]) -> None:
        """Note which sides are wanted of each example."""
        for item in items:
            key = (item.toolchain.side, item.toolchain.label)
            self._selected.setdefault(item.spec.id, {})[key] = item

    def verdict_of(self, item: SideItem) -> Verdict:
        """The verdict on one side, once all selected sides of its example have been verified."""
        if item.spec.id not in self._verdicts:
            self._verdicts[item.spec.id] = self._verify(item.spec)
        return next(
            verdict
            for verdict in self._verdicts[item.spec.id]
            if verdict.side is item.toolchain.side and verdict.toolchain == item.toolchain.label
        )

    def _verify(self, spec: Spec) -> tuple[Verdict, ...]:
        """The verdicts on all selected sides of an example."""
        toolchains = [item.toolchain for item in self._selected[spec.id].values()]
        sides = tuple(dict.fromkeys(toolchain.side for toolchain in toolchains))
        options = replace(self.options, sides=sides)
        report = verify((spec,), toolchains, options, lambda _: None, lab=self._lab)
        return report.verdicts


_CORPUS = pytest.StashKey[_Session]()


def _corpus_of(config: pytest.Config) -> _Session:
    return config.stash.setdefault(_CORPUS, _Session(config))


def note_selected(session: pytest.Session) -> None:
    """Which of the session's items are sides of examples."""
    _corpus_of(session.config).select(i for i in session.items if isinstance(i, SideItem))


def header_of(items: Iterable[pytest.Item]) -> list[str]:
    """``harness: 4 sides of 2 examples, with CPython 3.11.7, rustc 1.95.0``."""
    sides = [item for item in items if isinstance(item, SideItem)]
    if not sides:
        return []
    examples = count_of(len({item.spec.id for item in sides}), "example")
    titles = dict.fromkeys(item.toolchain.title for item in sides)
    return [f"harness: {count_of(len(sides), 'side')} of {examples}, with {', '.join(titles)}"]


def _given(value: int | None, default: int) -> int:
    return default if value is None else value


def _listed(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
