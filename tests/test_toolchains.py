"""Finding toolchains: for real what this machine has, by stand-ins what it has not."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from pytest_subprocess import FakeProcess

import harness.machine.process
from harness.language.declarations import Spec
from harness.machine.toolchains import (
    asking,
    condition_unmet,
    default_python,
    default_rust,
    find_all,
    find_python,
    find_rust,
    is_below_floor,
    label_apart,
    numbers,
    satisfies,
    why_untried,
)
from harness.machine.toolchains.asking import (
    UnusableError,
    read_cargo_answer,
    read_python_answer,
    read_rustc_answer,
    read_rustup_list,
)
from harness.values.errors import ToolchainMissing
from harness.values.program import Condition, Side
from harness.values.toolchain import Toolchain
from tests.programs import write_program

CPYTHON_313T = (
    '{"implementation": "CPython", "version": "3.13.1", "gil": false, "free_threaded": true}'
)
PYTHON_2 = '{"implementation": "CPython", "version": "2.7.18", "gil": true, "free_threaded": false}'
PYPY = '{"implementation": "PyPy", "version": "3.10.14", "gil": true, "free_threaded": false}'
RUSTC_BETA = "rustc 1.98.0-beta.3 (abc 2026-07-01)\nbinary: rustc\nrelease: 1.98.0-beta.3\n"

needs_rust = pytest.mark.skipif(shutil.which("rustc") is None, reason="no rustc here")


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no toolchain but the harness's own Python; its only PATH entry is given."""
    for name in ("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "RUSTUP_HOME", "CARGO_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


def write_answering(path: Path, answer: str) -> Path:
    """Write a program that prints ``answer``, whatever it is asked."""
    return write_program(path, f"while IFS= read -r l; do echo \"$l\"; done <<'END'\n{answer}\nEND")


def write_rust(directory: Path, version: str = "1.80.0", cargo: str | None = None) -> Path:
    """Write a rustc and its cargo into ``directory``, and return the rustc."""
    write_answering(directory / "cargo", f"cargo {cargo or version} (abc 2025-01-01)")
    answer = f"rustc {version} (abc 2025-01-01)\nbinary: rustc\nrelease: {version}"
    return write_answering(directory / "rustc", answer)


class TestVersions:
    """Comparing versions with specifiers."""

    @pytest.mark.parametrize(
        ("version", "specifier"),
        [
            ("3.13.0", ">=3.13"),
            ("3.14.0b1", ">=3.14"),
            ("1.97.0-nightly", ">=1.97"),
            ("1.79.0", "<1.80"),
            ("3.12.1", "==3.12"),
            ("3.12.1", "==3.12.*"),
            ("3.12", "==3.12.0"),
            ("3.13.1", ">3.13"),
            ("3.13.0", "<=3.13"),
            ("3.13.0", "!=3.12"),
            ("3.10.1", ">=3.9,<3.13"),
            ("3.10.1", " >= 3.9 , != 3.11 "),
        ],
    )
    def test_a_version_satisfies(self, version: str, specifier: str) -> None:
        """Numbers are compared as numbers, a pre-release as its release."""
        assert satisfies(version, specifier)

    @pytest.mark.parametrize(
        ("version", "specifier"),
        [
            ("3.9.18", ">=3.10"),
            ("1.80.0", "<1.80"),
            ("3.1.0", "==3.12"),
            ("3.12.1", "!=3.12"),
            ("3.13.0", ">3.13"),
            ("3.13.1", "<=3.13"),
            ("3.13.1", ">=3.9,<3.13"),
        ],
    )
    def test_a_version_does_not_satisfy(self, version: str, specifier: str) -> None:
        """Every clause must hold, and the bounds are exact."""
        assert not satisfies(version, specifier)

    @pytest.mark.parametrize("specifier", ["", "3.9", "=3.9", ">=three", ">=3.9.*", "~=3.9"])
    def test_what_is_no_specifier_is_refused(self, specifier: str) -> None:
        """A typing error is never taken for a condition."""
        with pytest.raises(ValueError, match="no version specifier"):
            satisfies("3.9", specifier)


PYTHON = Toolchain(
    side=Side.PYTHON,
    label="3.13t",
    version="3.13.0",
    program=Path("/python"),
    implementation="CPython",
    has_gil=False,
    cores=2,
)
RUST = Toolchain(
    side=Side.RUST, label="stable", version="1.80.0", program=Path("/rustc"), cores=1, os="macos"
)


class TestConditions:
    """Whether a property applies, and why not."""

    @pytest.mark.parametrize(
        ("condition", "toolchain", "reason"),
        [
            (Condition(python=">=3.14"), PYTHON, "holds for Python >=3.14; this is 3.13.0"),
            (Condition(rust="<1.80"), RUST, "holds for Rust <1.80; this is 1.80.0"),
            (
                Condition(gil=True),
                PYTHON,
                "holds with a global interpreter lock; CPython 3.13.0 has none",
            ),
            (
                Condition(gil=True),
                RUST,
                "holds with a global interpreter lock; rustc 1.80.0 has none",
            ),
            (Condition(implementation="pypy"), PYTHON, "holds for pypy; this is CPython"),
            (Condition(cores=2), RUST, "needs 2 cores; there are 1"),
            (Condition(os="linux"), RUST, "holds on linux; this is macos"),
        ],
    )
    def test_an_unmet_condition_gives_its_reason(
        self, condition: Condition, toolchain: Toolchain, reason: str
    ) -> None:
        """The reason says what is asked for and what there is."""
        assert reason == condition_unmet(condition, toolchain)

    @pytest.mark.parametrize("toolchain", [PYTHON, RUST])
    def test_no_condition_is_always_met(self, toolchain: Toolchain) -> None:
        """An empty condition asks nothing."""
        assert not condition_unmet(Condition(), toolchain)

    def test_a_condition_on_the_other_language_asks_nothing(self) -> None:
        """A property of both sides may have a floor for each."""
        condition = Condition(python=">=3.99", implementation="pypy", gil=False)
        assert not condition_unmet(condition, RUST)
        assert not condition_unmet(Condition(rust=">=1.99"), PYTHON)

    def test_an_example_is_skipped_below_its_floor(self, tmp_path: Path) -> None:
        """Each side has its own floor."""
        spec = Spec(
            directory=tmp_path,
            name="a",
            topic="t",
            title="",
            summary="",
            python_floor="3.14",
            rust_floor="1.80",
        )
        assert "needs Python 3.14; this is 3.13.0" == is_below_floor(spec, PYTHON)
        assert not is_below_floor(spec, RUST)


class TestAnswers:
    """Reading what toolchains say of themselves."""

    def test_a_free_threaded_build_is_labelled(self) -> None:
        """``3.13t`` is what a user types for it."""
        facts = read_python_answer(CPYTHON_313T)
        assert ("3.13t", False) == (facts.label, facts.has_gil)

    def test_pypy_is_labelled(self) -> None:
        """Another implementation is part of the label."""
        assert "pypy3.10" == read_python_answer(PYPY).label

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Welcome!\n",
            "[1]",
            '{"version": "3.9"}',
            "null",
            "[" * 100_000,
            CPYTHON_313T.replace("3.13.1", "banana"),
            CPYTHON_313T.replace("3.13.1", "3.13/../1"),
            CPYTHON_313T.replace('"3.13.1"', "3"),
            CPYTHON_313T.replace('"CPython"', "3"),
            CPYTHON_313T.replace("CPython", "C/Python"),
            CPYTHON_313T.replace("false", '"no"'),
        ],
    )
    def test_rubbish_is_no_python(self, text: str) -> None:
        """What does not answer the question is refused, and shown."""
        with pytest.raises(UnusableError, match="it does not answer as Python does"):
            read_python_answer(text)

    def test_a_beta_is_read(self) -> None:
        """A pre-release keeps its name in the version."""
        assert "1.98.0-beta.3" == read_rustc_answer(RUSTC_BETA)

    @pytest.mark.parametrize(
        "text",
        ["", "rustc", "release: 1.80.0", RUSTC_BETA.replace("release: 1.98.0", "release: banana")],
    )
    def test_rubbish_is_no_rustc(self, text: str) -> None:
        """Both the name and the release must be there."""
        with pytest.raises(UnusableError, match="it does not answer as rustc does"):
            read_rustc_answer(text)

    def test_cargo_is_read(self) -> None:
        """The version is cargo's own, which may differ from rustc's."""
        assert "1.65.0" == read_cargo_answer("cargo 1.65.0\n")

    @pytest.mark.parametrize("text", ["git 2", "cargo banana", "cargo 1.65.0/x"])
    def test_rubbish_is_no_cargo(self, text: str) -> None:
        """Another program's answer is refused."""
        with pytest.raises(UnusableError, match=f"it does not answer as cargo does, but '{text}'"):
            read_cargo_answer(text)

    def test_rustups_list_begins_with_the_default(self) -> None:
        """Its list is sorted by name; notes in brackets are no part of it."""
        text = (
            "1.70.0-x86_64-unknown-linux-gnu\nstable-x86_64-unknown-linux-gnu (active, default)\n"
        )
        expected = ("stable-x86_64-unknown-linux-gnu", "1.70.0-x86_64-unknown-linux-gnu")
        assert expected == read_rustup_list(text)

    def test_rustup_without_toolchains_lists_none(self) -> None:
        """It says so in words."""
        assert () == read_rustup_list("no installed toolchains\n")


class TestThisMachine:
    """What is really here."""

    def test_the_default_python_is_our_own_outside_of_the_environment(self) -> None:
        """A reader's interpreter has none of the harness's packages."""
        python = default_python()
        assert python.version.startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
        assert not (python.program.parent.parent / "pyvenv.cfg").exists()
        assert python.program.exists()

    def test_our_own_python_is_found_by_label_version_name_and_path(self) -> None:
        """All ways to ask for it give the same label."""
        own = default_python()
        requests = (own.label, own.version, f"python{own.label}", str(own.program))
        assert [own.label] * 4 == [find_python(request).label for request in requests]

    @needs_rust
    def test_the_default_rust_has_a_cargo(self) -> None:
        """It is the compiler itself, not rustup's stand-in for it."""
        rust = default_rust()
        assert rust.cargo is not None
        assert rust.cargo.exists()
        assert not (rust.program.parent / "rustup").exists()

    @needs_rust
    def test_the_default_rust_is_found_by_its_label_and_its_path(self) -> None:
        """Asked for by name or by path it is the same compiler."""
        rust = default_rust()
        assert rust.program == find_rust(rust.label).program
        assert rust.program == find_rust(str(rust.program)).program
        assert rust.program == find_rust(str(rust.program.parent)).program
        assert rust.program == find_rust(f"{rust.program}+{rust.cargo}").program

    def test_all_that_is_found_has_a_label_of_its_own(self) -> None:
        """Labels are unique, and our own Python is among them."""
        found = find_all()
        labels = [toolchain.label for toolchain in found.toolchains]
        assert sorted(set(labels)) == sorted(labels)
        assert default_python() in found.pythons


class TestPythons:
    """Interpreters that this machine does not have."""

    def test_pypy_and_free_threaded_builds_are_found(self, bare_machine: Path) -> None:
        """They come by their labels, under pyenv and on PATH."""
        root = Path(os.environ["PYENV_ROOT"])
        write_answering(root / "versions" / "pypy3.10-7.3.17" / "bin" / "pypy3", PYPY)
        write_answering(bare_machine / "python3.13t", CPYTHON_313T)
        found = {python.label: python for python in find_all().pythons}
        assert {"3.13t", "pypy3.10", default_python().label} == set(found)
        assert [False, True] == [found["3.13t"].has_gil, found["pypy3.10"].has_gil]
        assert "pypy3.10" == find_python("pypy3.10").label
        assert "3.13t" == find_python("3.13t").label

    def test_a_free_threaded_build_is_not_meant_by_its_bare_version(
        self, bare_machine: Path
    ) -> None:
        """``3.99`` asks for the build with the lock."""
        write_answering(bare_machine / "python3.99t", CPYTHON_313T.replace("3.13.1", "3.99.1"))
        assert "3.99t" == find_python("3.99t").label
        with pytest.raises(ToolchainMissing):
            find_python("3.99")

    def test_another_implementation_is_not_meant_by_a_bare_version(
        self, bare_machine: Path
    ) -> None:
        """``3.10`` asks for CPython; others are asked for by their name."""
        write_answering(bare_machine / "python3.10", PYPY.replace("PyPy", "Jython"))
        with pytest.raises(ToolchainMissing):
            find_python("3.10")

    @pytest.mark.parametrize("request_", ["graalpy", "graalpy3.12", "graalvm3.12"])
    @pytest.mark.parametrize("implementation", ["GraalVM", "GraalPy"])
    def test_graalpy_is_found_by_its_name(
        self, bare_machine: Path, request_: str, implementation: str
    ) -> None:
        """Its command has no 3 in its name, and it calls itself by that of the machine."""
        answer = PYPY.replace("PyPy", implementation).replace("3.10.14", "3.12.8")
        program = write_answering(bare_machine / "graalpy", answer)
        assert [("graalpy3.12", program)] == [
            (python.label, python.program) for python in find_all().pythons[1:]
        ]
        assert "graalpy3.12" == find_python(request_).label

    def test_an_interpreter_may_take_long_to_start(self) -> None:
        """GraalPy's first start may take 20 s."""
        assert asking.ASK_TIMEOUT_SECONDS > 20

    def test_one_of_uv_is_found(self, bare_machine: Path) -> None:
        """Those of uv are in directories of its own."""
        root = Path(os.environ["UV_PYTHON_INSTALL_DIR"])
        program = root / "cpython-3.13.1+freethreaded-linux-x86_64-gnu" / "bin" / "python3.13t"
        write_answering(program, CPYTHON_313T)
        assert program == find_python("3.13t").program
        assert bare_machine.exists()

    def test_a_missing_version_says_what_there_is(self, bare_machine: Path) -> None:
        """The message names what was asked, what is there, and how to get it."""
        write_answering(bare_machine / "python3.13t", CPYTHON_313T)
        with pytest.raises(ToolchainMissing) as caught:
            find_python("3.99")
        own = default_python()
        is_first = numbers(own.version)[:2] <= (3, 13)
        there = [own.label, "3.13t"] if is_first else ["3.13t", own.label]
        assert (
            f"no Python 3.99 on this machine (found: {', '.join(there)}); get it "
            "with `pyenv install 3.99` or `uv python install 3.99`, or name the path of one"
        ) == str(caught.value)

    def test_what_is_no_version_is_refused(self) -> None:
        """A word that means nothing is answered with examples."""
        with pytest.raises(ToolchainMissing) as caught:
            find_python("snake")
        assert (
            "no Python is named 'snake'; expected such as 3.12, 3.13t, pypy3.10, or a path"
        ) == str(caught.value)

    def test_one_that_hangs_is_reported(
        self, bare_machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It stops nothing: the others are found all the same."""
        monkeypatch.setattr(asking, "ASK_TIMEOUT_SECONDS", 0.1)
        hanging = write_program(bare_machine / "python3.12", "while :; do :; done")
        found = find_all()
        assert [f"{hanging}: it did not answer within 0.1 s"] == [str(b) for b in found.broken]
        assert [default_python()] == list(found.pythons)

    def test_one_that_hangs_is_waited_for_once(
        self, bare_machine: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message on what is missing rests on the answers that there are."""
        monkeypatch.setattr(asking, "ASK_TIMEOUT_SECONDS", 0.1)
        asked = bare_machine / "asked"
        write_program(bare_machine / "python3.12", f"echo once >>{asked}; while :; do :; done")
        with pytest.raises(ToolchainMissing, match=r"python3\.12: it did not answer"):
            find_python("3.12t")
        assert "once\n" == asked.read_text()

    @pytest.mark.parametrize(
        ("script", "reason"),
        [
            ("echo Welcome!", "it does not answer as Python does, but 'Welcome!'"),
            ("echo broken >&2; exit 3", "it ended with code 3: 'broken'"),
            (
                "printf 'Traceback (most…):\\nImportError: no json\\n\\n' >&2; exit 1",
                "it ended with code 1: 'ImportError: no json'",
            ),
            ("kill -SEGV $$", "it was ended by SIGSEGV"),
            (
                f"echo '{PYTHON_2}'",
                "it is Python 2.7.18; Python 3 is needed",
            ),
        ],
    )
    def test_a_broken_one_named_by_path_is_refused(
        self, tmp_path: Path, script: str, reason: str
    ) -> None:
        """Asked for, it is an error that says what is wrong with it."""
        program = write_program(tmp_path / "python", script)
        with pytest.raises(ToolchainMissing) as caught:
            find_python(str(program))
        assert f"{program}: no usable Python: {reason}" == str(caught.value)

    def test_a_path_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        """A missing file is named."""
        program = tmp_path / "python"
        with pytest.raises(ToolchainMissing) as caught:
            find_python(str(program))
        assert (
            f"{program}: no usable Python: it cannot be started: "
            f"no such file or directory: {program}"
        ) == str(caught.value)

    def test_a_virtual_environment_on_path_is_passed_over(self, bare_machine: Path) -> None:
        """Its interpreter is another one's."""
        write_answering(bare_machine / "python3.13t", CPYTHON_313T)
        (bare_machine.parent / "pyvenv.cfg").touch()
        assert [default_python()] == list(find_all().pythons)

    def test_a_copy_in_an_environment_is_passed_over_wherever_it_is_linked_from(
        self, bare_machine: Path
    ) -> None:
        """Its interpreter is another one's, though it is a file of its own."""
        copy = write_answering(bare_machine.parent / ".venv" / "bin" / "python3.13t", CPYTHON_313T)
        (copy.parent.parent / "pyvenv.cfg").touch()
        (bare_machine / "python3.13t").symlink_to(copy)
        assert [default_python()] == list(find_all().pythons)

    def test_one_interpreter_under_several_names_is_one(self, bare_machine: Path) -> None:
        """Links to it, on PATH and elsewhere, are no further ones."""
        program = write_answering(bare_machine / "python3.13t", CPYTHON_313T)
        (bare_machine / "python3").symlink_to(program)
        linked = Path(os.environ["PYENV_ROOT"], "versions", "3.13t", "bin", "python3.13t")
        linked.parent.mkdir(parents=True)
        linked.symlink_to(program)
        assert 2 == len(find_all().pythons)


class TestRusts:
    """Compilers that this machine does not have."""

    def test_no_rust_at_all_says_how_to_get_one(self, bare_machine: Path) -> None:
        """The message names rustup's page and the distribution's packages."""
        assert bare_machine.exists()
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            "no Rust compiler on PATH or under rustup (found: none); "
            "get one from https://rustup.rs, or with `apt install rustc cargo`"
        ) == str(caught.value)

    def test_a_compiler_without_cargo_is_refused(self, bare_machine: Path) -> None:
        """The message says where cargo was looked for."""
        rustc = write_rust(bare_machine)
        (bare_machine / "cargo").unlink()
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            f"{rustc}: no usable Rust: there is no cargo beside it ({bare_machine / 'cargo'}); "
            "install cargo (Debian: apt install cargo; else https://rustup.rs)"
        ) == str(caught.value)

    def test_an_old_compiler_is_refused(self, bare_machine: Path) -> None:
        """Below the first Rust with scoped threads nothing can be built."""
        rustc = write_rust(bare_machine, "1.56.0")
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            f"{rustc}: no usable Rust: rustc 1.56.0 is too old: 1.63 is the first with scoped "
            "threads; get a newer one with `rustup update stable`"
        ) == str(caught.value)

    def test_an_old_cargo_is_refused(self, bare_machine: Path) -> None:
        """Compiler and cargo may differ in age."""
        rustc = write_rust(bare_machine, cargo="1.50.0")
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            f"{rustc}: no usable Rust: its cargo ({bare_machine / 'cargo'}) is 1.50.0; "
            "1.63 or newer is needed: get one with `rustup update stable`"
        ) == str(caught.value)

    def test_a_broken_cargo_is_refused(self, bare_machine: Path) -> None:
        """What it said on the way down is shown."""
        rustc = write_rust(bare_machine)
        write_program(bare_machine / "cargo", "echo 'no libssl' >&2; exit 127")
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            f"{rustc}: no usable Rust: its cargo ({bare_machine / 'cargo'}) is broken: "
            "it ended with code 127: 'no libssl'"
        ) == str(caught.value)

    def test_a_versioned_pair_of_a_distribution_is_found(self, bare_machine: Path) -> None:
        """Debian and Ubuntu install ``rustc-1.80`` beside ``rustc``."""
        write_rust(bare_machine)
        rustc = write_answering(bare_machine / "rustc-1.75", "rustc 1.75.0\nrelease: 1.75.0")
        write_answering(bare_machine / "cargo-1.75", "cargo 1.75.0")
        assert ["1.80.0", "1.75.0"] == [rust.label for rust in find_all().rusts]
        found = find_rust("1.75")
        assert (rustc, bare_machine / "cargo-1.75") == (found.program, found.cargo)

    def test_rustups_toolchains_are_found_by_channel(self, bare_machine: Path) -> None:
        """Each is used directly, and remembers how it is chosen."""
        listing = "stable-x86_64-unknown-linux-gnu (default)\nbeta-x86_64-unknown-linux-gnu"
        write_answering(bare_machine / "rustup", listing)
        toolchains = Path(os.environ["RUSTUP_HOME"]) / "toolchains"
        write_rust(toolchains / "stable-x86_64-unknown-linux-gnu" / "bin", "1.97.0")
        write_rust(toolchains / "beta-x86_64-unknown-linux-gnu" / "bin", "1.98.0-beta.3")
        assert ["stable", "beta"] == [rust.label for rust in find_all().rusts]
        beta = find_rust("beta")
        assert ("1.98.0-beta.3", {"RUSTUP_TOOLCHAIN": "beta-x86_64-unknown-linux-gnu"}) == (
            beta.version,
            beta.environment,
        )

    def test_a_missing_channel_says_how_to_get_it(self, bare_machine: Path) -> None:
        """The message names what is there and rustup's command."""
        write_rust(bare_machine)
        with pytest.raises(ToolchainMissing) as caught:
            find_rust("nightly")
        assert (
            "no Rust nightly on this machine (found: 1.80.0 (1.80.0)); get it with "
            "`rustup toolchain install nightly` (rustup: https://rustup.rs), "
            "or name the path of a rustc"
        ) == str(caught.value)

    def test_a_broken_toolchain_of_rustup_is_reported(self, bare_machine: Path) -> None:
        """Half-removed, it is broken among all, and an error when it is asked for."""
        write_answering(bare_machine / "rustup", "stable-x86_64-unknown-linux-gnu")
        reason = "it cannot be started: no such file or directory"
        assert [True] == [reason in str(broken) for broken in find_all().broken]
        with pytest.raises(ToolchainMissing, match="rustup toolchain install stable --force"):
            find_rust("stable")


class TestWithStandIns:
    """The finder over faked processes, as it works where there are no pseudo-terminals."""

    @pytest.fixture(autouse=True)
    def _use_pipes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(harness.machine.process, "HAS_TERMINALS", False)

    def test_a_beta_is_used_as_it_says(self, bare_machine: Path, fp: FakeProcess) -> None:
        """The default compiler is what it answers that it is."""
        rustc = write_rust(bare_machine)
        fp.register([str(rustc), "-vV"], stdout=RUSTC_BETA)
        fp.register([str(bare_machine / "cargo"), "-V"], stdout="cargo 1.98.0-beta.3 (abc)\n")
        assert "rustc 1.98.0-beta.3" == default_rust().title

    def test_a_broken_rustc_is_refused(self, bare_machine: Path, fp: FakeProcess) -> None:
        """One that cannot load its libraries says so on stderr."""
        rustc = write_rust(bare_machine)
        said = "librustc_driver.so: cannot open shared object file\n"
        fp.register([str(rustc), "-vV"], stderr=said, returncode=127)
        with pytest.raises(ToolchainMissing) as caught:
            default_rust()
        assert (
            f"{rustc}: no usable Rust: it ended with code 127: "
            "'librustc_driver.so: cannot open shared object file'"
        ) == str(caught.value)

    def test_a_python_that_prints_rubbish_is_refused(
        self, bare_machine: Path, fp: FakeProcess
    ) -> None:
        """Rubbish is shown as far as fits on a line."""
        python = bare_machine / "python3"
        fp.register([str(python), "-c", fp.any()], stdout="\x1b[31mhello\n" * 100)
        with pytest.raises(ToolchainMissing, match=r"'\\x1b\[31mhello\\n"):
            find_python(str(python))


@pytest.mark.parametrize(
    ("side", "implementation", "version", "release", "why"),
    [
        (Side.PYTHON, "CPython", "3.15.2", "", ""),
        (Side.PYTHON, "CPython", "3.9.18", "", ""),
        (
            Side.PYTHON, "CPython", "3.16.0a1", "",
            "CPython 3.16.0a1 is newer than any CPython that was tried (3.15)",
        ),
        (Side.PYTHON, "PyPy", "3.11.17", "8.0.1", ""),
        (Side.PYTHON, "PyPy", "3.9.16", "7.3.11", ""),
        (
            Side.PYTHON, "PyPy", "3.11.20", "8.1.0",
            "PyPy 3.11.20 (8.1.0) is newer than any PyPy that was tried (3.11, release 8.0)",
        ),
        (Side.PYTHON, "GraalVM", "3.12.8", "", "no GraalVM was ever tried"),
        (Side.RUST, "", "1.101.0-nightly", "", ""),
        (
            Side.RUST, "", "1.102.0", "",
            "rustc 1.102.0 is newer than any rustc that was tried (1.101)",
        ),
    ],
)  # fmt: skip
def test_what_is_newer_than_any_that_was_tried_is_said_to_be_so(
    side: Side, implementation: str, version: str, release: str, why: str
) -> None:
    """The first two numbers count, of PyPy those of its own release too."""
    toolchain = Toolchain(
        side=side,
        label="any",
        version=version,
        release=release,
        program=Path("/any"),
        implementation=implementation,
    )
    assert why == why_untried(toolchain)


def test_pypy_says_its_own_release() -> None:
    """Its language's version says little of it."""
    answer = PYPY.replace('"PyPy"', '"PyPy", "release": "7.3.17"')
    assert "7.3.17" == read_python_answer(answer).release
    assert not read_python_answer(PYPY).release
    with pytest.raises(UnusableError):
        read_python_answer(answer.replace("7.3.17", "7/3"))


def test_toolchains_of_one_label_are_told_apart() -> None:
    """The first keeps the label, the others get their exact versions; repetitions are dropped."""

    def python(version: str, program: str) -> Toolchain:
        return Toolchain(side=Side.PYTHON, label="3.11", version=version, program=Path(program))

    asked = (
        python("3.11.7", "/a"),
        python("3.11.2", "/b"),
        python("3.11.7", "/a"),
        python("3.11.2", "/c"),
    )
    labels = [toolchain.label for toolchain in label_apart(asked)]
    assert ["3.11", "3.11.2", "3.11.2-2"] == labels
