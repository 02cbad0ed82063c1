"""Building tiny crates with the real cargo, and reading what other cargos say."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from harness.language.declarations import Property, Spec
from harness.machine.cargo import (
    BuildFlags,
    BuildReport,
    build,
    cargo_environment,
    library_environment,
)
from harness.machine.cargo.faults import first_fault, said_by
from harness.machine.cargo.invocation import CargoCall, Setting, build_command
from harness.machine.cargo.messages import BuildLog, CompilerError, read_messages
from harness.machine.process import Command, clean_environment, run_process
from harness.machine.toolchains import default_rust, find_all
from harness.values.errors import BuildImpossible, HarnessError, ToolchainMissing
from harness.values.program import Program, Side
from harness.values.run import Exited
from harness.values.toolchain import Built, Diagnostic, NotBuilt, Place, Refused, Toolchain

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="no cargo here")

HELLO = 'fn main() {\n    println!("hello");\n}\n'
REFUSED = """\
fn main() {
    let numbers = vec![1];
    let handle = std::thread::spawn(|| println!("{}", numbers.len()));
    handle.join().unwrap();
}
"""
REFUSAL = Place(
    file="src/main.rs",
    line=3,
    column=37,
    text='    let handle = std::thread::spawn(|| println!("{}", numbers.len()));',
)


@cache
def rust() -> Toolchain:
    """Return the default compiler, asked once."""
    return default_rust()


class Corpus:
    """A workspace of tiny crates, one an example."""

    def __init__(self, root: Path) -> None:
        """Make an empty workspace at ``root``."""
        self.root = root / "corpus"
        self.target = root / "target"
        self.root.mkdir()
        (self.root / "Cargo.toml").write_text(
            '[workspace]\nresolver = "2"\nmembers = ["[a-z]*"]\n', encoding="utf-8"
        )

    def add(
        self,
        name: str,
        *,
        refused: Iterable[str] = (),
        manifest: str = "",
        rust_version: str = "1.63",
        **sources: str,
    ) -> Spec:
        """Add a crate; ``sources`` are ``main`` or other programs, or ``lib``."""
        directory = self.root / name
        (directory / "src" / "bin").mkdir(parents=True)
        (directory / "Cargo.toml").write_text(
            f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
            f'rust-version = "{rust_version}"\n{manifest}',
            encoding="utf-8",
        )
        programs = []
        for program, source in sources.items():
            path = f"src/{program}.rs" if program in {"main", "lib"} else f"src/bin/{program}.rs"
            (directory / path).write_text(source, encoding="utf-8")
            if program != "lib":
                programs.append(Program(name=program, side=Side.RUST, path=path))
        return Spec(
            directory=directory,
            name=name,
            topic="t",
            title="",
            summary="",
            rust_floor=rust_version,
            programs=tuple(programs),
            properties=tuple(_refusal(program) for program in refused),
        )

    def build(
        self, *specs: Spec, toolchain: Toolchain | None = None, **options: Any
    ) -> BuildReport:
        """Build the crates of ``specs``."""
        options.setdefault("target_dir", self.target)
        return build(toolchain or rust(), specs, **options)


def _refusal(program: str) -> Property:
    return Property(
        name=f"{program}-is-refused",
        why="",
        family="compile-error",
        rule=cast("Any", None),  # only the family is asked for
        programs=(program,),
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """An empty corpus."""
    return Corpus(tmp_path)


def old_cargo(toolchain: Toolchain) -> Toolchain:
    """Return the toolchain as one whose cargo is too old to keep going."""
    return dataclasses.replace(toolchain, cargo_version="1.73.0")


def output_of(made: object) -> bytes:
    """Run what was built, and return what it printed."""
    assert isinstance(made, Built)
    command = Command(argv=made.command, cwd=Path("/"), environment=clean_environment())
    completed = run_process(command)
    assert Exited(0) == completed.ending
    return completed.stdout


def reason_of(made: object) -> str:
    """Why it was not built."""
    assert isinstance(made, NotBuilt)
    return made.reason


def summary(report: BuildReport) -> dict[str, str]:
    """Return the kind of build of each program."""
    return {f"{e} {p}": type(made).__name__ for (e, p), made in report.builds.items()}


@needs_cargo
class TestBuilding:
    """What becomes of programs."""

    def test_a_program_is_built_and_runs(self, corpus: Corpus) -> None:
        """The command is the path of the program, and nothing was fresh."""
        report = corpus.build(corpus.add("hello", main=HELLO))
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])
        assert not report.fresh

    def test_a_second_build_does_nothing(self, corpus: Corpus) -> None:
        """Not even a refused program is compiled again."""
        specs = (
            corpus.add("hello", main=HELLO),
            corpus.add("refused", main=REFUSED, refused=["main"]),
        )
        first = corpus.build(*specs)
        assert not [*corpus.target.rglob("incremental/*")]  # it would cost as much as the build
        second = corpus.build(*specs)
        assert (first.builds, False, True) == (second.builds, first.fresh, second.fresh)

    @pytest.mark.parametrize("keeps_going", [True, False])
    def test_a_refused_program_stops_no_other(self, corpus: Corpus, keeps_going: bool) -> None:
        """Expected or not, it has its errors, and the others are built."""
        toolchain = rust() if keeps_going else old_cargo(rust())
        specs = (
            corpus.add("a", main=REFUSED, mended=HELLO, refused=["main"]),
            corpus.add("b", main=HELLO),
            corpus.add("c", main=REFUSED),
        )
        assert {
            "t/a main": "Refused",
            "t/a mended": "Built",
            "t/b main": "Built",
            "t/c main": "Refused",
        } == summary(corpus.build(*specs, toolchain=toolchain))

    def test_a_refusal_has_code_and_place(self, corpus: Corpus) -> None:
        """The place is where the primary span starts, in terms of the crate."""
        report = corpus.build(corpus.add("refused", main=REFUSED, refused=["main"]))
        match report.builds["t/refused", "main"]:
            case Refused(diagnostics=(diagnostic,)):
                assert ("E0373", REFUSAL) == (diagnostic.code, diagnostic.place)
                assert diagnostic.message.startswith("closure may outlive")
            case other:
                pytest.fail(f"expected one error, found {other}")

    def test_a_place_in_a_macro_is_where_it_is_called(self, corpus: Corpus) -> None:
        """A span inside of the standard library's macro helps nobody."""
        source = 'fn main() {\n    let x: u8 = format!("a");\n    println!("{x}");\n}\n'
        report = corpus.build(corpus.add("typed", main=source))
        match report.builds["t/typed", "main"]:
            case Refused(diagnostics=(Diagnostic(code="E0308", place=Place() as place),)):
                assert ("src/main.rs", 2) == (place.file, place.line)
            case other:
                pytest.fail(f"expected one error, found {other}")

    def test_several_errors_are_all_given(self, corpus: Corpus) -> None:
        """The line that counts them is none of them."""
        source = "fn main() {\n    let _: u8 = 'a';\n    let _: u8 = 'b';\n}\n"
        report = corpus.build(corpus.add("typed", main=source))
        match report.builds["t/typed", "main"]:
            case Refused(diagnostics=diagnostics):
                assert [("E0308", 2), ("E0308", 3)] == [
                    (d.code, d.place and d.place.line) for d in diagnostics
                ]
            case other:
                pytest.fail(f"expected two errors, found {other}")

    def test_an_error_without_a_code_has_its_message(self, corpus: Corpus) -> None:
        """Some of the compiler's errors have none."""
        report = corpus.build(
            corpus.add("loud", main='fn main() {\n    compile_error!("no");\n}\n')
        )
        match report.builds["t/loud", "main"]:
            case Refused(diagnostics=(Diagnostic(message="no", code="", place=Place(line=2)),)):
                pass
            case other:
                pytest.fail(f"expected one error, found {other}")

    def test_a_refused_program_that_was_mended_is_built(self, corpus: Corpus) -> None:
        """What is remembered of a program holds for exactly its text."""
        spec = corpus.add("refused", main=REFUSED, refused=["main"])
        corpus.build(spec)
        (spec.directory / "src/main.rs").write_text(HELLO, encoding="utf-8")
        assert {"t/refused main": "Built"} == summary(corpus.build(spec))

    def test_a_program_that_was_broken_is_refused(self, corpus: Corpus) -> None:
        """An old binary in the target directory is not taken for the new program."""
        spec = corpus.add("hello", main=HELLO)
        corpus.build(spec)
        (spec.directory / "src/main.rs").write_text(REFUSED, encoding="utf-8")
        assert {"t/hello main": "Refused"} == summary(corpus.build(spec))

    def test_programs_of_one_name_are_kept_apart(self, corpus: Corpus) -> None:
        """Cargo would write both to one file."""
        one = corpus.add("one", main=HELLO, mended=HELLO.replace("hello", "one"))
        two = corpus.add("two", main=HELLO, mended=HELLO.replace("hello", "two"))
        builds = corpus.build(one, two).builds
        assert (b"one\n", b"two\n") == (
            output_of(builds["t/one", "mended"]),
            output_of(builds["t/two", "mended"]),
        )

    def test_a_declared_name_is_used(self, corpus: Corpus) -> None:
        """A ``[[bin]]`` may give a program another name."""
        bins = '[[bin]]\nname = "one-mended"\npath = "src/bin/mended.rs"\n'
        spec = corpus.add("one", main=HELLO, mended=HELLO, manifest=bins)
        made = corpus.build(spec).builds["t/one", "mended"]
        assert isinstance(made, Built)
        assert "one-mended" == Path(made.command[0]).stem

    def test_a_library_is_built_and_found(self, corpus: Corpus) -> None:
        """A Python program that loads it is told where it is."""
        spec = corpus.add(
            "ext",
            main=HELLO,
            lib="#[no_mangle]\npub extern fn one() -> u8 { 1 }\n",
            manifest='[lib]\ncrate-type = ["cdylib"]\n',
        )
        built = corpus.build(spec).builds["t/ext", "main"]
        environment = library_environment(spec, corpus.target)
        assert isinstance(built, Built)
        assert environment == built.environment
        debug = Path(environment["CARGO_TARGET_DIR"]) / "debug"
        assert [True] == [path.stat().st_size > 0 for path in debug.glob("*ext.*[osl]")]

    def test_a_crate_without_a_library_adds_nothing(self, corpus: Corpus) -> None:
        """Neither does an example without a crate."""
        spec = corpus.add("hello", main=HELLO)
        assert {} == library_environment(spec, corpus.target)
        (spec.directory / "Cargo.toml").unlink()
        assert {} == library_environment(spec, corpus.target)

    def test_a_broken_library_is_its_programs_refusal(self, corpus: Corpus) -> None:
        """An error outside of the program's own file is given as well."""
        spec = corpus.add("ext", main="fn main() { ext::f() }", lib="pub fn f() -> u8 { 'a' }")
        match corpus.build(spec).builds["t/ext", "main"]:
            case Refused(diagnostics=(Diagnostic(code="E0308", place=Place(file="src/lib.rs")),)):
                pass
            case other:
                pytest.fail(f"expected one error, found {other}")

    def test_each_target_is_told_of(self, corpus: Corpus) -> None:
        """A progress display hears the names as they are done."""
        told: list[str] = []
        specs = (corpus.add("one", main=HELLO), corpus.add("two", main=HELLO))
        corpus.build(*specs, on_message=told.append)
        assert ["one", "two"] == sorted(told)

    def test_instrumentation_reaches_the_program(self, corpus: Corpus) -> None:
        """Flags are passed on as they are, blanks and all; the target has its own directory."""
        shown = 'fn main() { println!("{}", cfg!(feature = "a b")); }'
        host = _host_of(rust())
        instrumentation = BuildFlags(rustflags=("--cfg", 'feature="a b"'), target=host)
        spec = corpus.add("flagged", main=shown)
        made = corpus.build(spec, instrumentation=instrumentation).builds["t/flagged", "main"]
        assert b"true\n" == output_of(made)
        assert isinstance(made, Built)
        assert Path(made.command[0]).is_relative_to(corpus.target / host)


def _host_of(toolchain: Toolchain) -> str:
    command = Command(
        argv=(str(toolchain.program), "-vV"),
        cwd=Path("/"),
        environment=cargo_environment(toolchain),
    )
    lines = run_process(command).stdout.decode().splitlines()
    return next(line.removeprefix("host: ") for line in lines if line.startswith("host: "))


@needs_cargo
class TestCallersEnvironment:
    """What the caller has set changes nothing."""

    def test_flags_and_directories_are_not_taken_over(
        self, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A program is built where and as the harness says."""
        monkeypatch.setenv("RUSTFLAGS", "--nonsense")
        monkeypatch.setenv("RUSTC_WRAPPER", "/bin/false")
        monkeypatch.setenv("CARGO_TARGET_DIR", "/nowhere")
        monkeypatch.setenv("CARGO_BUILD_TARGET", "nonsense")
        monkeypatch.setenv("RUSTUP_TOOLCHAIN", "nonsense")
        report = corpus.build(corpus.add("hello", main=HELLO))
        assert {"t/hello main": "Built"} == summary(report)

    def test_the_lock_file_is_one_that_old_cargos_read(self, corpus: Corpus) -> None:
        """A new workspace gets a lock file as its crates' Rust needs it."""
        corpus.build(corpus.add("hello", main=HELLO))
        lock = (corpus.root / "Cargo.lock").read_text(encoding="utf-8")
        assert "version = 3" in lock or "version = 4" in lock


@needs_cargo
class TestFaults:
    """What is no program's fault."""

    def test_a_crate_above_this_compiler_is_not_built(self, corpus: Corpus) -> None:
        """The others are built all the same."""
        version = rust().version
        specs = (
            corpus.add("future", main=HELLO, rust_version="1.999"),
            corpus.add("hello", main=HELLO),
        )
        report = corpus.build(*specs)
        assert (
            NotBuilt(reason=f"needs Rust 1.999; this is {version}")
            == (report.builds["t/future", "main"])
        )
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])

    def test_a_missing_manifest_is_a_reason(self, corpus: Corpus) -> None:
        """A Rust program needs a crate."""
        spec = corpus.add("hello", main=HELLO)
        (spec.directory / "Cargo.toml").unlink()
        assert (
            NotBuilt(reason=f"{spec.directory}: there is no Cargo.toml")
            == (corpus.build(spec).builds["t/hello", "main"])
        )

    def test_a_manifest_that_is_no_toml_is_named(self, corpus: Corpus) -> None:
        """The place is in the reason, and the others of its workspace are built."""
        spec = corpus.add("broken", main=HELLO, manifest="name = \n")
        report = corpus.build(spec, corpus.add("hello", main=HELLO))
        assert re.search(
            r"broken/Cargo.toml: cannot be read: .*line 6",
            reason_of(report.builds["t/broken", "main"]),
        )
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])

    def test_a_manifest_that_cargo_refuses_is_named(self, corpus: Corpus) -> None:
        """What cargo says is given in one line, with the author's path; the others are built."""
        spec = corpus.add("broken", main=HELLO)
        manifest = spec.directory / "Cargo.toml"
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(text.replace("2021", "1066"), encoding="utf-8")
        report = corpus.build(spec, corpus.add("hello", main=HELLO))
        line = reason_of(report.builds["t/broken", "main"])
        assert line.startswith(f"cargo cannot build it: failed to parse manifest at `{manifest}`: ")
        assert "\n" not in line
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])

    def test_a_directory_without_a_crate_stops_no_other(self, corpus: Corpus) -> None:
        """A pattern of members may cover one."""
        (corpus.root / "t").mkdir()
        (corpus.root / "t" / "python-alone").mkdir()
        (corpus.root / "Cargo.toml").write_text('[workspace]\nmembers = ["*", "t/*"]\n', "utf-8")
        report = corpus.build(corpus.add("hello", main=HELLO), corpus.add("other", main=HELLO))
        assert {b"hello\n"} == {output_of(build) for build in report.builds.values()}

    def test_two_crates_of_one_name_are_both_built(self, corpus: Corpus) -> None:
        """Cargo takes no such workspace."""
        one, other = corpus.add("hello", main=HELLO), corpus.add("other", main=HELLO)
        manifest = (one.directory / "Cargo.toml").read_text(encoding="utf-8")
        (other.directory / "Cargo.toml").write_text(manifest, encoding="utf-8")
        report = corpus.build(one, other)
        assert {b"hello\n"} == {output_of(build) for build in report.builds.values()}

    def test_a_crate_may_use_one_that_lies_beside_it(self, corpus: Corpus) -> None:
        """Also where they are built apart from a broken one."""
        helper = corpus.root / "helper"
        (helper / "src").mkdir(parents=True)
        (helper / "src" / "lib.rs").write_text('pub const WORD: &str = "hello";\n', "utf-8")
        (helper / "Cargo.toml").write_text(
            '[package]\nname = "helper"\nedition = "2021"\n', "utf-8"
        )
        user = corpus.add(
            "user",
            main='fn main() { println!("{}", helper::WORD); }',
            manifest='[dependencies]\nhelper = { path = "../helper" }\n',
        )
        broken = corpus.add("broken", main=HELLO, manifest="name = \n")
        report = corpus.build(broken, user)
        assert b"hello\n" == output_of(report.builds["t/user", "main"])

    def test_a_package_may_have_the_name_of_one_in_its_graph(self, corpus: Corpus) -> None:
        """It is meant by where it lies."""
        twin = corpus.root / "vendor" / "hello"
        (twin / "src").mkdir(parents=True)
        (twin / "src" / "lib.rs").write_text("", encoding="utf-8")
        manifest = '[package]\nname = "hello"\nversion = "9.0.0"\nedition = "2021"\n[workspace]\n'
        (twin / "Cargo.toml").write_text(manifest, encoding="utf-8")
        spec = corpus.add(
            "hello",
            main=HELLO,
            manifest='[dependencies]\nhello = { path = "../vendor/hello" }\n',
        )
        (corpus.root / "Cargo.toml").write_text(
            '[workspace]\nmembers = ["hello"]\nexclude = ["vendor"]\n', "utf-8"
        )
        report = corpus.build(spec)
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])

    def test_a_registry_that_cannot_be_reached_touches_nothing_else(
        self, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only the workspace that needs it is not built."""
        monkeypatch.setenv("CARGO_HOME", str(tmp_path / "empty"))
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        needy = corpus.add(
            "needy", main=HELLO, manifest='[workspace]\n[dependencies]\nlibc = "0.2"\n'
        )
        (corpus.root / "Cargo.toml").write_text(
            '[workspace]\nresolver = "2"\nmembers = ["hello"]\n', encoding="utf-8"
        )
        report = corpus.build(needy, corpus.add("hello", main=HELLO))
        assert b"hello\n" == output_of(report.builds["t/hello", "main"])
        match report.builds["t/needy", "main"]:
            case NotBuilt(reason=reason):
                assert reason.startswith("needs crates from a registry that cannot be reached: ")
            case other:
                pytest.fail(f"expected a reason, found {other}")

    def test_a_missing_linker_is_one_clear_line(
        self, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No program is blamed for it."""
        toolchain = rust()
        monkeypatch.setenv("PATH", str(tmp_path / "empty"))
        with pytest.raises(BuildImpossible) as caught:
            corpus.build(corpus.add("hello", main=HELLO), toolchain=toolchain)
        assert (
            "rustc needs the linker `cc`, which is not on PATH; "
            "install a C compiler (Debian: apt install gcc; macOS: xcode-select --install)"
        ) == str(caught.value)

    def test_a_target_directory_that_cannot_be_made_is_named(
        self, corpus: Corpus, tmp_path: Path
    ) -> None:
        """A file stands where the directory should be."""
        (tmp_path / "file").touch()
        with pytest.raises(BuildImpossible) as caught:
            corpus.build(corpus.add("hello", main=HELLO), target_dir=tmp_path / "file" / "t")
        assert (
            f"{tmp_path / 'file' / 't'}: cannot build there: not a directory; "
            "name another target directory"
        ) == str(caught.value)

    @pytest.mark.parametrize(
        ("script", "kind", "said"),
        [
            (
                "echo 'error: no space left on device' >&2; exit 101",
                BuildImpossible,
                "cargo cannot build this workspace: no space left on device",
            ),
            ("kill -SEGV $$", BuildImpossible, "cargo came to no end: it was ended by SIG"),
        ],
    )
    def test_a_broken_cargo_is_one_clear_line(
        self, corpus: Corpus, tmp_path: Path, script: str, kind: type[HarnessError], said: str
    ) -> None:
        """What it said is in the line."""
        cargo = tmp_path / "cargo"
        cargo.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        cargo.chmod(0o755)
        toolchain = dataclasses.replace(rust(), cargo=cargo)
        with pytest.raises(kind, match=said):
            corpus.build(corpus.add("hello", main=HELLO), toolchain=toolchain)

    def test_a_cargo_that_is_gone_is_a_missing_toolchain(self, corpus: Corpus) -> None:
        """It may have been removed since it was found."""
        toolchain = dataclasses.replace(rust(), cargo=Path("/nowhere/cargo"))
        with pytest.raises(ToolchainMissing) as caught:
            corpus.build(corpus.add("hello", main=HELLO), toolchain=toolchain)
        assert "cargo cannot be started: no such file or directory: /nowhere/cargo" == str(
            caught.value
        )


@needs_cargo
@pytest.mark.parametrize("toolchain", find_all().rusts, ids=lambda toolchain: toolchain.label)
def test_every_compiler_here_agrees(corpus: Corpus, toolchain: Toolchain) -> None:
    """From the oldest to the newest the error's code and place are the same."""
    spec = corpus.add("a", main=REFUSED, mended=HELLO, refused=["main"])
    report = corpus.build(spec, toolchain=toolchain)
    match report.builds["t/a", "main"]:
        case Refused(diagnostics=(diagnostic,)):
            assert ("E0373", REFUSAL) == (diagnostic.code, diagnostic.place)
        case other:
            pytest.fail(f"expected one error, found {other}")
    assert b"hello\n" == output_of(report.builds["t/a", "mended"])


def message(level: str, text: str, **rest: Any) -> bytes:
    """Return a line as cargo prints it for a message of the compiler."""
    line = {
        "reason": "compiler-message",
        "manifest_path": "/w/a/Cargo.toml",
        "target": {"src_path": "/w/a/src/main.rs", "name": "a", "kind": ["bin"]},
        "message": {"level": level, "message": text, "spans": [], "code": None, **rest},
    }
    return json.dumps(line).encode() + b"\n"


class TestMessages:
    """Reading what cargo prints."""

    def test_other_lines_are_passed_over(self) -> None:
        """Build scripts, wrappers and later versions may print anything."""
        noise = b'warning: x\n{"reason": "new"}\n{broken\n[1]\n{"a": 1}\n\xff\n'
        assert BuildLog() == read_messages(noise, Path("/w"))

    def test_warnings_are_no_errors(self) -> None:
        """Only errors decide."""
        assert () == read_messages(message("warning", "unused"), Path("/w")).errors

    def test_a_linkers_error_stands_alone(self) -> None:
        """It has neither code nor place, and is kept since it is all there is."""
        log = read_messages(message("error", "linking with `cc` failed"), Path("/w"))
        assert ["linking with `cc` failed"] == [e.diagnostic.message for e in log.errors]

    def test_a_crash_is_told_from_a_refusal(self) -> None:
        """A compiler that crashes has not refused anything."""
        log = read_messages(message("error: internal compiler error", "oops"), Path("/w"))
        assert (
            CompilerError(
                source="/w/a/src/main.rs",
                manifest="/w/a/Cargo.toml",
                diagnostic=Diagnostic(message="oops"),
                is_crash=True,
            ),
        ) == log.errors


def test_a_fault_of_cargo_is_one_line_with_its_causes() -> None:
    """Cargo writes them over several lines, among others."""
    said = (
        b"    Updating crates.io index\n"
        b"error: failed to get `x` as a dependency of package `y`\n\n"
        b"Caused by:\n  failed to query\n\nCaused by:\n  timed out\n  after 20 s\n"
    )
    assert "failed to get `x` as a dependency of package `y`: failed to query: timed out" == (
        first_fault(said_by(said))
    )


def test_nothing_that_a_terminal_obeys_is_left_of_what_cargo_said() -> None:
    """Colours, links, and what is cut short."""
    link = b"\x1b]8;;https://x\x1b\\it\x1b]8;;\x1b\\"
    said = b"\x1b[1m\x1b[31merror\x1b[0m: " + link + b" is \x1b[33mso\x1b[0m\n"
    assert "error: it is so\n" == said_by(said)


def test_silence_of_cargo_is_said() -> None:
    """A cargo that fails without a word gives no empty reason."""
    assert "cargo said nothing" == first_fault("")


def test_the_command_of_an_old_cargo_has_no_new_flags(tmp_path: Path) -> None:
    """1.65 knows no ``--keep-going``; nothing is asked of the network."""
    toolchain = Toolchain(
        side=Side.RUST,
        label="1.63",
        version="1.63.0",
        program=Path("/r/rustc"),
        cargo=Path("/r/cargo"),
        cargo_version="1.65.0",
    )
    call = CargoCall(root=tmp_path, packages=("a",), bins=("a", "b"), with_libraries=True)
    command = build_command(Setting(toolchain=toolchain, target_dir=Path("/t")), call)
    expected = (
        f"/r/cargo build --message-format=json --color=never --manifest-path {tmp_path}/Cargo.toml "
        "--target-dir /t --package a --bin a --bin b --lib --offline"
    )
    assert expected == " ".join(command.argv)
    assert os.environ.get("RUSTFLAGS") is None or "RUSTFLAGS" not in command.environment
