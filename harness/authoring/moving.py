"""What other versions of packages change: which have moved, and what is no longer as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.language.declarations import Spec
from harness.language.spec.packages import LOCK_FILE
from harness.machine.cargo.locks import CARGO_LOCK
from harness.machine.cargo.manifests import find_root, has_foreign, read_crate
from harness.values.errors import BuildImpossible
from harness.values.report import Report, Verdict


@dataclass(frozen=True, slots=True)
class Locks:
    """The locks of a corpus as they were: their texts by path, None for one that was not there."""

    texts: Mapping[Path, str | None]

    @classmethod
    def of(cls, corpus: Path) -> Locks:
        """As they are now."""
        paths = (corpus / LOCK_FILE, find_root(corpus) / CARGO_LOCK)
        return cls(
            {path: path.read_text(encoding="utf-8") if path.exists() else None for path in paths}
        )

    def write(self) -> None:
        """Make them so again."""
        for path, text in self.texts.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(text, encoding="utf-8")

    @contextmanager
    def instead(self) -> Iterator[None]:
        """They are so meanwhile; afterwards as before, whatever happens."""
        (corpus,) = {path.parent for path in self.texts if path.name == LOCK_FILE}
        now = Locks.of(corpus)
        self.write()
        try:
            yield
        finally:
            now.write()


def moved_crates(
    before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """What is different, a line a crate: ``tokio 1.53.0 → 1.54.1``."""
    for name in sorted(before.keys() | after.keys()):
        old, new = (", ".join(each.get(name, ("nothing",))) for each in (before, after))
        if old != new:
            yield f"{name} {old} → {new}"


def uses_packages(spec: Spec) -> bool:
    """Whether any of its programs needs packages of others."""
    if spec.packages.wanted:
        return True
    try:
        crate = read_crate(spec)
        return crate is not None and has_foreign(crate)
    except BuildImpossible:
        return False  # told where it is built


def differences(before: Report, after: Report) -> Iterator[str]:
    """What is concluded otherwise, side by side, and of which properties."""
    olds = {_place(verdict): verdict for verdict in before.verdicts}
    for new in after.verdicts:
        old = olds.get(_place(new))
        if old is not None:
            yield from _of_side(old, new)


def _place(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.example, verdict.side.value, verdict.toolchain


def _of_side(old: Verdict, new: Verdict) -> Iterator[str]:
    """What is judged otherwise of one side, in one line; nothing where all is as it was.

    A property that is new or gone is no change: there is nothing to compare it with.
    """
    was = {result.name: result.status for result in old.properties}
    changed = [
        f"{result.name}: {was[result.name]} → {result.status}"
        for result in new.properties
        if was.get(result.name, result.status) != result.status
    ]
    if old.outcome is not new.outcome or changed:
        outcome = f"{old.outcome.value} → {new.outcome.value}"
        yield f"{' · '.join(_place(new))}: {', '.join((outcome, *changed))}"


def compare(locks: Locks, verify: Callable[[], Report]) -> tuple[Report, Report]:
    """What ``verify`` finds with the locks as they were, and with those that are there now."""
    with locks.instead():
        before = verify()
    return before, verify()
