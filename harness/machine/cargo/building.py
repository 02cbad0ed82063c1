"""Building all Rust programs of many examples with few calls of cargo."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.language.declarations import Spec
from harness.machine.cargo import refusals
from harness.machine.cargo.faults import (
    first_fault,
    is_unreachable,
    require_linker,
    require_writable,
    said_by,
)
from harness.machine.cargo.invocation import (
    BuildFlags,
    CargoCall,
    Setting,
    build_command,
    can_keep_going,
)
from harness.machine.cargo.isolation import apart, named_in
from harness.machine.cargo.manifests import (
    Crate,
    has_foreign,
    is_loaded,
    needs_registry,
    read_crate,
)
from harness.machine.cargo.messages import BuildLog, artifact_name, read_messages
from harness.machine.cargo.targets import Key, Target, list_targets, resolve
from harness.machine.process import run_process
from harness.machine.process.endings import how_it_ended
from harness.machine.toolchains.versions import satisfies
from harness.values.errors import BuildImpossible, ToolchainMissing
from harness.values.program import Side
from harness.values.run import Exited, NotStarted, OverLimit, TimedOut
from harness.values.toolchain import Build, NotBuilt, Refused, Toolchain

_LOADED = frozenset({".so", ".dylib", ".dll"})
"""What a library is called that a process loads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What became of each Rust program. ``fresh``: the compiler had nothing to do."""

    builds: Mapping[Key, Build]
    fresh: bool
    seconds: float


def build(
    toolchain: Toolchain,
    specs: Iterable[Spec],
    *,
    target_dir: Path,
    instrumentation: BuildFlags | None = None,
    on_message: Callable[[str], None] | None = None,
) -> BuildReport:
    """Build every Rust program of ``specs``, and say of each what became of it.

    Programs are built as a reader's ``cargo run`` would build them, in as few
    calls of cargo as its version allows: one for each workspace, from cargo
    1.74. A program that does not compile stops no other, and a workspace that
    needs a registry which cannot be reached touches no other. Libraries of
    the crates are built too. ``on_message`` is told the name of each target
    that is done.

    A manifest that cargo does not take stops no program but its own, and what keeps
    cargo from working in one of several workspaces no other.

    Raises ``ToolchainMissing`` where cargo cannot be started, and
    ``BuildImpossible`` where it cannot work at all: no linker, a target
    directory that cannot be written.
    """
    started = time.perf_counter()
    require_writable(target_dir)
    setting = Setting(
        toolchain=toolchain, target_dir=target_dir.absolute(), instrumentation=instrumentation
    )
    yard = _BuildDirectory(setting, on_message)
    crates = tuple(yard.admit(specs))
    yard.build_all(crates, list_targets(crates))
    return BuildReport(
        builds=yard.builds, fresh=yard.is_fresh, seconds=time.perf_counter() - started
    )


def library_environment(
    spec: Spec, target_dir: Path, instrumentation: BuildFlags | None = None
) -> dict[str, str]:
    """Return what tells a program where the library of its crate is; nothing if it has none.

    The library is in the directory ``debug`` of ``CARGO_TARGET_DIR``, as it
    is for a reader who sets that variable.
    """
    if not is_loaded(spec):
        return {}
    place = target_dir.absolute()
    if instrumentation is not None and instrumentation.target is not None:
        place /= instrumentation.target
    return {"CARGO_TARGET_DIR": str(place)}


def build_library(setting: Setting, spec: Spec) -> Path | NotBuilt:
    """Build the library of a crate by itself: its file, or why there is none.

    Raises ``HarnessError`` if this compiler cannot build anything at all.
    """
    require_writable(setting.target_dir)
    try:
        crate = read_crate(spec)
    except BuildImpossible as error:
        return NotBuilt(reason=str(error))
    if crate is None:
        return NotBuilt(reason=f"{spec.directory}: there is no Cargo.toml")
    answer = _BuildDirectory(setting, None).ask_for_library(crate)
    if is_unreachable(answer.said) and not answer.log.has_begun:
        return NotBuilt(reason=answer.fault, detail=answer.said, unreachable=answer.fault)
    files = (Path(file) for each in answer.log.artifacts for file in each.files)
    built = [file for file in files if file.suffix in _LOADED and file.parent.name == "debug"]
    if built:
        return built[-1]
    rendered = "".join(error.diagnostic.rendered for error in answer.log.errors)
    return NotBuilt(reason=answer.fault, detail=rendered or answer.said)


class NoEnd(BuildImpossible):
    """Cargo was ended: what it was to build took too long, or printed too much."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one call of cargo gave: its log, its fault in a line, and all that it said."""

    log: BuildLog
    fault: str
    said: str


class _BuildDirectory:
    """The builds of one setting, as far as they are known."""

    def __init__(self, setting: Setting, on_message: Callable[[str], None] | None) -> None:
        self.builds: dict[Key, Build] = {}
        self.is_fresh = True
        self._cut_off = ""
        self._setting = setting
        self._on_message = on_message

    def admit(self, specs: Iterable[Spec]) -> Iterator[Crate]:
        """Yield the crates that this compiler may build; note of all others why not."""
        version = self._setting.toolchain.version
        for spec in specs:
            try:
                crate = read_crate(spec)
            except BuildImpossible as error:
                self._give_up(spec, str(error))
                continue
            if crate is None:
                self._give_up(spec, f"{spec.directory}: there is no Cargo.toml")
            elif not satisfies(version, f">={spec.rust_floor}"):
                self._give_up(spec, f"needs Rust {spec.rust_floor}; this is {version}")
            else:
                yield crate

    def build_all(self, crates: Sequence[Crate], targets: Sequence[Target]) -> None:
        """Build workspace by workspace; raises BuildImpossible where the only one cannot be."""
        roots = sorted({crate.root for crate in crates})
        for root in roots:
            own = tuple(crate for crate in crates if crate.root == root)
            try:
                self.build_workspace(
                    root,
                    tuple(target for target in targets if target.crate.root == root),
                    tuple(crate for crate in own if crate.has_library),
                )
            except BuildImpossible as error:
                if len(roots) == 1:
                    raise
                self.give_up(own, str(error))

    def ask_for_library(self, crate: Crate) -> _Answer:
        """What cargo says of the library of one crate."""
        return self._ask(self._setting, crate.root, [], (crate,))

    def give_up(self, crates: Iterable[Crate], reason: str) -> None:
        """Note of crates that nothing is known of yet why they were not built."""
        for crate in crates:
            for program in crate.programs:
                key = crate.spec.id, program.name
                self.builds.setdefault(key, NotBuilt(reason=reason))

    def _give_up(self, spec: Spec, reason: str, detail: str = "", unreachable: str = "") -> None:
        """Note of all Rust programs of an example why they were not built."""
        why = NotBuilt(reason=reason, detail=detail, unreachable=unreachable)
        for program in spec.programs_of(Side.RUST):
            self.builds[spec.id, program.name] = why

    def build_workspace(
        self, root: Path, targets: tuple[Target, ...], libraries: tuple[Crate, ...]
    ) -> None:
        """Build the programs of one workspace: most of them together, the rest one by one."""
        unknown = [target for target in targets if not self._recall(target)]
        together = [target for target in unknown if not self._must_be_alone(target)]
        if together or libraries:
            answer = self._ask_together(root, together, libraries)
            # Cargo did not come to compile: a manifest or a package is wrong, and
            # each of the others may suffer for it.
            if answer is not None and not answer.log.has_begun:
                self._build_apart(root, targets, libraries, answer)
                return
            if answer is not None:
                for target in together:
                    self._note(target, resolve(target, answer.log))
        for target in unknown:
            if target.key in self.builds:
                continue
            try:
                answer = self._build_alone(root, target)
            except NoEnd as error:
                self.give_up((target.crate,), str(error))
                continue
            if not answer.log.has_begun:
                left = tuple(each for each in unknown if each.key not in self.builds)
                self._build_apart(root, left, (), answer)
                return

    def _ask_together(
        self, root: Path, targets: list[Target], libraries: tuple[Crate, ...]
    ) -> _Answer | None:
        """Call cargo for several; ``None`` if one of them keeps it from an end."""
        try:
            return self._ask(self._setting, root, targets, libraries)
        except NoEnd:
            return None

    def _must_be_alone(self, target: Target) -> bool:
        """Whether a program needs a call of cargo for itself, lest it stop or overwrite others."""
        keeps_going = can_keep_going(self._setting.toolchain)
        return target.is_apart or (target.is_refused and not keeps_going)

    def _build_alone(self, root: Path, target: Target) -> _Answer:
        """Build one program, in a directory of its own where another has its name; raises NoEnd."""
        setting = self._setting
        # Two binaries of one name would be one file, and the second of two
        # packages none, in one directory.
        if target.is_apart:
            mark = hashlib.sha256(target.source.encode()).hexdigest()[:16]
            setting = replace(setting, target_dir=setting.target_dir / "apart" / mark)
        answer = self._ask(setting, root, [target], ())
        if answer.log.has_begun:
            outcome = resolve(target, answer.log)
            self._note(target, outcome or NotBuilt(reason=answer.fault, detail=answer.said))
        return answer

    def _recall(self, target: Target) -> bool:
        """Take over what is known of a program that was refused before, and say whether it is."""
        if not (target.is_refused and target.crate.is_alone):
            return False
        refused = refusals.recall(self._setting, target.crate, target.program)
        self._note(target, refused)
        return refused is not None

    def _note(self, target: Target, outcome: Build | None) -> None:
        """Keep what became of a program, if that is known; refusals also for later calls."""
        if outcome is None:
            return
        self.builds[target.key] = outcome
        if isinstance(outcome, Refused) and target.is_refused and target.crate.is_alone:
            refusals.remember(self._setting, target.crate, target.program, outcome)

    def _build_apart(
        self, root: Path, targets: tuple[Target, ...], libraries: tuple[Crate, ...], answer: _Answer
    ) -> None:
        """Build what is left of a workspace that cargo does not take.

        The crates whose fault it may be are built each by itself, and the
        others together. Raises ``BuildImpossible`` where it is no crate's.
        """
        every = (*(target.crate for target in targets), *libraries)
        crates = tuple({crate.spec.id: crate for crate in every}.values())
        suspects = named_in(answer.said, crates)
        if not suspects and is_unreachable(answer.said):
            suspects = tuple(filter(has_foreign, crates))
        if not suspects and self._is_apart(root):
            raise BuildImpossible(f"{root}: cargo cannot build this workspace: {answer.fault}")
        if len(crates) == 1 and self._is_apart(root):
            self._give_up_crate(crates[0], answer)
            return
        # Those that are named by what cargo says: it stops at the first
        # manifest that it does not take.
        rest = tuple(crate for crate in crates if crate not in suspects)
        for group in (*((crate,) for crate in suspects), rest):
            try:
                found = apart(root, group, self._setting.target_dir)
            except BuildImpossible as error:
                self.give_up(group, str(error))
                continue
            moved = {crate.spec.id: crate for crate in found}
            for crate in group:
                if crate.spec.id not in moved:
                    self._give_up_crate(crate, answer)
            self._build_moved(moved, targets)

    def _build_moved(self, moved: Mapping[str, Crate], targets: Iterable[Target]) -> None:
        """Build those of the targets whose crates now lie in a workspace of their own."""
        crates = tuple(moved.values())
        if crates:
            self.build_workspace(
                crates[0].root,
                tuple(
                    replace(target, crate=moved[target.crate.spec.id])
                    for target in targets
                    if target.crate.spec.id in moved
                ),
                tuple(crate for crate in crates if crate.has_library),
            )

    def _is_apart(self, root: Path) -> bool:
        """Whether a workspace is one that we have made ourselves."""
        return root.is_relative_to(self._setting.target_dir)

    def _give_up_crate(self, crate: Crate, answer: _Answer) -> None:
        """Say why a crate cannot be built, in cargo's words, with the author's own paths."""
        fault, said = (_with_real_path(text, crate) for text in (answer.fault, answer.said))
        reason, unreachable = f"cargo cannot build it: {fault}", ""
        if is_unreachable(answer.said):
            unreachable = self._cut_off or fault
            reason = f"needs crates from a registry that cannot be reached: {unreachable}"
        self._give_up(crate.spec, reason, said, unreachable)

    def _ask(
        self,
        setting: Setting,
        root: Path,
        targets: list[Target],
        libraries: tuple[Crate, ...],
    ) -> _Answer:
        """Call cargo, without the network if that is enough, or has once been out of reach."""
        crates = dict.fromkeys(
            [
                *(target.crate.package_id for target in targets),
                *(crate.package_id for crate in libraries),
            ]
        )
        call = CargoCall(
            root=root,
            packages=tuple(crates),
            bins=tuple(target.bin for target in targets),
            with_libraries=bool(libraries),
        )
        answer = self._call(setting, call)
        if answer.log.has_begun or self._cut_off:
            return answer
        if needs_registry(root, tuple(target.crate for target in targets)):
            answer = self._call(setting, replace(call, offline=False))
            if not answer.log.has_begun and is_unreachable(answer.said):
                # Once is enough: each further attempt would wait for the network's timeout again.
                self._cut_off = answer.fault
        return answer

    def _call(self, setting: Setting, call: CargoCall) -> _Answer:
        """Raises ToolchainMissing, NoEnd or BuildImpossible.

        Whatever else cargo says is an answer.
        """
        completed = run_process(build_command(setting, call), on_output=self._listen())
        if isinstance(completed.ending, NotStarted):
            raise ToolchainMissing(f"cargo cannot be started: {completed.ending.reason}")
        if not isinstance(completed.ending, Exited):
            is_of_some = isinstance(completed.ending, TimedOut | OverLimit)
            kind = NoEnd if is_of_some else BuildImpossible
            raise kind(f"cargo came to no end: {how_it_ended(completed.ending)}")
        log = read_messages(completed.stdout, call.root)
        require_linker(log)
        self.is_fresh &= not log.errors and all(artifact.is_fresh for artifact in log.artifacts)
        said = said_by(completed.stderr)
        return _Answer(log, first_fault(said), said)

    def _listen(self) -> Callable[[bytes], None] | None:
        """Return what takes cargo's output in pieces and tells of each target that is done."""
        if (tell := self._on_message) is None:
            return None
        rest = b""

        def take(data: bytes) -> None:
            nonlocal rest
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if (name := artifact_name(line)) is not None:
                    tell(name)

        return take


def _with_real_path(text: str, crate: Crate) -> str:
    """What cargo said of a crate that it was shown by way of links."""
    return text.replace(str(crate.directory), str(crate.spec.directory))
