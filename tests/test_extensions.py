"""Modules of Python in Rust: built for the interpreter, and imported by their name.

What stands for PyO3 here is a crate of that name without anything in it, and the module is written
as for C: so nothing comes from a registry, and little is compiled.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.bench import building
from harness.bench.options import Options
from harness.cli import run_command_line
from harness.language.spec import load_spec
from harness.machine.cargo import BuildReport
from harness.machine.toolchains import default_python
from harness.site.data import gather
from harness.site.views.programs import module_view
from harness.values.errors import ExitCode
from harness.values.program import Side
from harness.values.toolchain import NotBuilt, Toolchain

SPEC = """\
title   = "A module in Rust"
summary = "It says a number."

[events]
said = "tiny says {n:d}"

[always.it-is-forty-two]
why    = "the module says so"
values = { of = "said.n", are = [42] }
"""
BREAKS = """\
["another number"]
breaks = ["it-is-forty-two"]
python = { replace = "tiny.number()", with = "tiny.number() + 1" }
"""
PROGRAM = 'import tiny\n\nprint("tiny says", tiny.number())\n'
MANIFEST = """\
[workspace]

[package]
name = "tiny"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = { path = "pyo3", features = ["abi3-py39"] }
"""
LIBRARY = """\
use std::os::raw::{c_char, c_int, c_long, c_void};
use std::ptr::{addr_of_mut, null, null_mut};

type Object = *mut c_void;

#[repr(C)]
struct Method {
    name: *const c_char,
    call: extern "C" fn(Object, Object) -> Object,
    flags: c_int,
    doc: *const c_char,
}

#[repr(C)]
struct Module {
    head: [usize; 5],
    name: *const c_char,
    doc: *const c_char,
    size: isize,
    methods: *mut Method,
    rest: [usize; 4],
}

extern "C" {
    fn PyLong_FromLong(value: c_long) -> Object;
    fn PyModule_Create2(module: *mut Module, version: c_int) -> Object;
}

extern "C" fn number(_: Object, _: Object) -> Object {
    unsafe { PyLong_FromLong(42) }
}

const NO_ARGUMENTS: c_int = 4;
static mut METHODS: [Option<Method>; 2] = [
    Some(Method { name: c"number".as_ptr(), call: number, flags: NO_ARGUMENTS, doc: null() }),
    None,
];
static mut MODULE: Module = Module {
    head: [1, 0, 0, 0, 0],
    name: c"tiny".as_ptr(),
    doc: null(),
    size: -1,
    methods: null_mut(),
    rest: [0; 4],
};

#[no_mangle]
pub unsafe extern "C" fn PyInit_tiny() -> Object {
    MODULE.methods = addr_of_mut!(METHODS).cast();
    PyModule_Create2(addr_of_mut!(MODULE), 1013)
}
"""
BINDING = """\
[package]
name = "pyo3"
version = "0.1.0"
edition = "2021"

[features]
abi3-py39 = []
"""
ASKS = """\
fn main() {
    let python = std::env::var("PYO3_PYTHON").expect("an interpreter is named");
    println!("cargo:rerun-if-env-changed=PYO3_PYTHON");
    assert!(std::path::Path::new(&python).exists());
    assert!(std::env::var("PYO3_BUILD_EXTENSION_MODULE").is_ok());
}
"""
UNFIT = """\
fn main() {
    eprintln!("error: the configured Python version is newer than PyO3's maximum");
    std::process::exit(1);
}
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one example that imports the module of its crate."""
    example = tmp_path / "corpus" / "t" / "small"
    (example / "src").mkdir(parents=True)
    (example / "pyo3" / "src").mkdir(parents=True)
    (example / "main.py").write_text(PROGRAM)
    (example / "example.toml").write_text(SPEC)
    (example / "breaks.toml").write_text(BREAKS)
    (example / "Cargo.toml").write_text(MANIFEST)
    (example / "src" / "lib.rs").write_text(LIBRARY)
    (example / "pyo3" / "Cargo.toml").write_text(BINDING)
    (example / "pyo3" / "src" / "lib.rs").write_text("")
    (example / "pyo3" / "build.rs").write_text(ASKS)
    return tmp_path / "corpus"


def call(corpus: Path, command: str, *arguments: str) -> int:
    """Run a command on the corpus, its state beside it."""
    places = ("--corpus", str(corpus), "--state-dir", str(corpus.parent / "state"))
    return run_command_line([command, "--side", "python", *arguments, *places])


def test_a_module_in_rust_is_imported_by_its_name(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Plainly and under control; what was built is found again, and what is changed built anew."""
    verify = ("verify", "--runs", "2", "--schedules", "2")
    assert call(corpus, *verify) == ExitCode.OK
    assert "2 + 2 runs" in capsys.readouterr().out
    library = corpus / "t" / "small" / "src" / "lib.rs"
    library.write_text(LIBRARY.replace("(42)", "(43)"))
    assert call(corpus, *verify) == ExitCode.FAILED
    assert "it-is-forty-two" in capsys.readouterr().out
    environments = list((corpus.parent / "state" / "python").glob("*/lib/py*/site-packages/tiny.*"))
    assert 1 == len(environments)


def test_a_broken_copy_has_the_module_as_well(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A control changes the program, and imports what the example imports."""
    assert call(corpus, "audit") == ExitCode.OK, capsys.readouterr().out
    assert "1 of 1 control break" in " ".join(capsys.readouterr().out.split())


def test_an_interpreter_that_the_binding_does_not_serve_skips_the_example(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is nobody's fault, and is told with what the binding says."""
    (corpus / "t" / "small" / "pyo3" / "build.rs").write_text(UNFIT)
    assert call(corpus, "verify", "--runs", "1") != ExitCode.FAILED
    said = " ".join(capsys.readouterr().out.split())
    assert "SKIPPED" in said
    assert "newer than PyO3's maximum" in said


def test_a_module_that_does_not_compile_is_the_fault_of_its_example(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what the compiler says; nothing is run."""
    (corpus / "t" / "small" / "src" / "lib.rs").write_text("fn number() -> u8 { missing }\n")
    assert call(corpus, "verify", "--runs", "1") == ExitCode.FAILED
    said = " ".join(capsys.readouterr().out.split())
    assert "ERRORED" in said
    assert "missing" in said
    assert "Traceback" not in said


def test_the_page_shows_the_module(tmp_path: Path) -> None:
    """It is neither side's program, and what the Python side calls."""
    root = Path(__file__).parents[1]
    places = (root / "packages/bridges/letting-go", root / "examples/life-cycle/spawn")
    bridge, spawn = gather([load_spec(each) for each in places], tmp_path)
    assert "pymodule" in str(module_view(bridge))
    assert module_view(spawn) is None


def test_a_compiler_that_is_too_old_builds_no_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that the crate takes does; with none of them the Python side is skipped."""
    spec = load_spec(Path(__file__).parents[1] / "packages/bridges/letting-go")
    fitting = Toolchain(side=Side.RUST, label="new", version="1.90.0", program=Path("new"))
    old = replace(fitting, label="old", version="1.63.0")
    asked: list[str] = []

    def build(compiler: Toolchain, *_: object) -> NotBuilt:
        asked.append(compiler.label)
        return NotBuilt(reason="it was asked, which is enough")

    monkeypatch.setattr(building, "build_extension", build)
    monkeypatch.setattr(
        building, "build", lambda *_, **__: BuildReport(builds={}, fresh=True, seconds=0.0)
    )
    toolchains = [default_python(), old, fitting]
    built = building.build_all([spec], toolchains, Options(state=tmp_path), lambda _: None)
    assert ["new"] == asked
    assert {"it was asked, which is enough"} == {each.reason for each in built.unreadable.values()}
    built = building.build_all([spec], toolchains[:2], Options(state=tmp_path), lambda _: None)
    assert "needs Rust 1.85; this is 1.63.0" in built.lacking(spec, toolchains[0])
