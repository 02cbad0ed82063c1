"""Which mutants are made of a program, and what they look like."""

from __future__ import annotations

import ast

import pytest

from harness.proof.mutants import Mutant, make_mutants
from harness.values.program import Program, Side

PYTHON = Program(name="main", side=Side.PYTHON, path="main.py")
RUST = Program(name="main", side=Side.RUST, path="src/main.rs")


def _mutants(program: Program, source: str) -> list[Mutant]:
    return list(make_mutants("topic/name", program, source))


def _changes(program: Program, source: str, operator: str) -> list[str]:
    """The changed lines of the mutants that ``operator`` makes, as ``-old+new``."""
    return [
        "".join(line for line in m.diff.split("\n")[3:] if line[:1] in {"-", "+"})
        for m in _mutants(program, source)
        if m.operator == operator
    ]


@pytest.mark.parametrize(
    ("operator", "source", "changed"),
    [
        ("remove-call", "t.start()\nt.join()\n", ["-t.start()+pass", "-t.join()+pass"]),
        ("remove-call", "x = q.get()\nopen('f')\nf.join\n", []),
        ("drop-print", "print(1)\n", ["-print(1)+pass"]),
        ("lower-bound", "range(5)\n", ["-range(5)+range(4)"]),
        ("lower-bound", "range(1, n + 1)\n", ["-range(1, n + 1)+range(1, n + 1 - 1)"]),
        ("lower-bound", "Queue(maxsize=2)\n", ["-Queue(maxsize=2)+Queue(maxsize=1)"]),
        ("lower-bound", "ROOM = 2\n", ["-ROOM = 2+ROOM = 1"]),
        ("change-constant", "f(daemon=True)\n", ["-f(daemon=True)+f(daemon=False)"]),
        ("change-constant", "x = 7\n", ["-x = 7+x = 8"]),
        ("change-constant", "sleep(1)\nt.join(timeout=2)\n", []),
        ("change-constant", "def f(a: Literal[1]) -> None: ...\n", []),
        ("negate-condition", "while a == b: c()\n", ["-while a == b: c()+while a != b: c()"]),
        ("negate-condition", "if not a: b()\n", ["-if not a: b()+if a: b()"]),
        ("negate-condition", "if a and b: c()\n", ["-if a and b: c()+if not (a and b): c()"]),
        (
            "negate-condition",
            "while (i := f()) is not None: g()\n",
            ["-while (i := f()) is not None: g()+while (i := f()) is None: g()"],
        ),
        ("negate-condition", 'if __name__ == "__main__": main()\n', []),
        ("swap-statements", "f()\ng()\n", ["+g()-g()"]),
        ("swap-statements", "a = f()\ng(a)\n", []),
        ("swap-statements", "a = 1\nb = 2\n", []),
        ("swap-statements", "f()\nsleep(1)\n", ["+sleep(1)-sleep(1)"]),
        ("swap-statements", "a = f()\nb = g()\n", ["+b = g()-b = g()"]),
        ("swap-statements", "p.submit(f)\np.submit(g)\n", ["+p.submit(g)-p.submit(g)"]),
        ("swap-statements", "with open() as f:\n    x = f()\nprint(x)\n", []),
        ("swap-statements", "for x in y:\n    z = x\nprint(z)\n", []),
        ("swap-statements", "if a:\n    from b import c\nc()\n", []),
        ("swap-statements", "try:\n    x = f()\nfinally:\n    g()\nprint([x for y in z])\n", []),
        (
            "swap-statements",
            "x = 1\nwith lock:\n    x = f()\nprint(x)\n",
            ["+print(x)-print(x)"],
        ),
        (
            "swap-statements",
            "for x in y: x.start()\nfor x in y: x.join()\n",
            ["+for x in y: x.join()-for x in y: x.join()"],
        ),
        (
            "swap-statements",
            "with a as x: x.f()\nprint([x for x in y])\n",
            ["+print([x for x in y])-print([x for x in y])"],
        ),
        (
            "swap-statements",
            "n = 0\ndef f(x):\n    global n\n    for x in y: n += x\n    print(n, x)\n",
            ["+    print(n, x)-    print(n, x)"],
        ),
        ("swap-statements", "t.start()\nu.start()\n", ["+u.start()-u.start()"]),
        ("swap-statements", "n = 0\nfor x in y: n += x\n", []),
        ("unlock", "with lock:\n    f()\n    g()\n", ["-with lock:-    f()-    g()+f()+g()"]),
        ("unlock", "with open() as f:\n    g()\n", []),
        ("unlock", 'with lock:\n    f("""a\n    b""")\n', []),
    ],
)
def test_python_changes(operator: str, source: str, changed: list[str]) -> None:
    """Each operator makes just these changes of a Python source."""
    assert _changes(PYTHON, source, operator) == changed


def _main(body: str) -> str:
    return f"fn main() {{\n{body}\n}}\n"


@pytest.mark.parametrize(
    ("operator", "body", "changed"),
    [
        ("remove-call", "h.join().unwrap();", ["-h.join().unwrap();"]),
        ("remove-call", "drop(sender);", ["-drop(sender);"]),
        ("remove-call", "s.spawn(|| work());", ["-s.spawn(|| work());"]),
        ("remove-call", "let x = r.recv();\nf(h.join());", []),
        ("drop-print", 'println!("a;b {}", 1);', ['-println!("a;b {}", 1);']),
        ("drop-print", 'eprintln!("a");', ['-eprintln!("a");']),
        ("drop-print", 'let text = "println!();";', []),
        ("unlock", "let _guard = lock.lock().unwrap();", ["-let _guard = lock.lock().unwrap();"]),
        ("unlock", "let guard = lock.lock().unwrap();", []),
        ("lower-bound", "for i in 0..10 {}", ["-for i in 0..10 {}+for i in 0..9 {}"]),
        ("lower-bound", "for i in 1..=N {}", ["-for i in 1..=N {}+for i in 1..=N - 1 {}"]),
        ("lower-bound", "f(sync_channel(2));", ["-f(sync_channel(2));+f(sync_channel(1));"]),
        ("lower-bound", "let a = S { ..other };", []),
        ("change-constant", "let a = 5u32;", ["-let a = 5u32;+let a = 6u32;"]),
        ("change-constant", "let a = pair.0;", []),
        ("change-constant", "sleep(Duration::from_millis(5));", []),
        ("change-constant", "let a = true;", ["-let a = true;+let a = false;"]),
        ("negate-condition", "if a == b { f(); }", ["-if a == b { f(); }+if a != b { f(); }"]),
        ("negate-condition", "while a() { f(); }", ["-while a() { f(); }+while !(a()) { f(); }"]),
        ("negate-condition", "if !a { f(); }", ["-if !a { f(); }+if a { f(); }"]),
        ("negate-condition", "if let Some(x) = y { f(); }", []),
        ("remove-move", "f(move || g());", ["-f(move || g());+f(|| g());"]),
        ("swap-statements", "f();\ng();", ["+g();-g();"]),
        ("swap-statements", "let a = f();\nlet b = g();", []),
        ("swap-statements", "thread::sleep(a);\ng();", []),
        ("swap-statements", "for i in 0..2 { s.spawn(a); }\ns.spawn(c);", []),
    ],
)
def test_rust_changes(operator: str, body: str, changed: list[str]) -> None:
    """Each operator makes just these changes of a Rust source."""
    assert _changes(RUST, _main(body), operator) == changed


def test_swapping_in_rust_goes_into_closures_and_arms() -> None:
    """The statements of a closure and of a match's arm are statements too."""
    body = "s(|| {\na();\nb();\n});\nmatch x {\n1 => {\nc();\nd();\n}\n_ => {}\n}"
    swapped = [m.line for m in _mutants(RUST, _main(body)) if m.operator == "swap-statements"]
    assert swapped == [2, 3, 8]


def test_a_loop_that_does_more_than_start_threads_is_swapped() -> None:
    """Which thread is started first nobody can tell; what is printed in between, anybody."""
    for inside, number in (("let a = b();", 1), ("f();", 2)):
        body = f"for i in 0..2 {{ {inside} s.spawn(a); }}\ns.spawn(c);"
        swapped = [m for m in _mutants(RUST, _main(body)) if m.operator == "swap-statements"]
        assert number == len(swapped)


def test_a_struct_literal_is_no_block() -> None:
    """Fields of a struct literal are never swapped or removed."""
    body = "let a = Lock {\nnumber: f(),\nmutex: g(),\n};\nh(a);"
    assert [m.line for m in _mutants(RUST, _main(body)) if m.operator == "swap-statements"] == [2]


def test_every_python_mutant_compiles_and_differs() -> None:
    """A mutant is a program, and not the same one."""
    source = (
        "import threading\n\n\ndef f():\n    with lock:\n        print(1)\n    return 2\n\n\nf()\n"
    )
    mutants = _mutants(PYTHON, source)
    assert mutants
    for mutant in mutants:
        assert ast.dump(ast.parse(source)) != ast.dump(ast.parse(mutant.source))


def test_a_broken_python_source_has_no_mutants() -> None:
    """What does not compile by itself is not changed."""
    assert _mutants(PYTHON, "def (:\n") == []


def test_mutants_are_distinct() -> None:
    """Two operators that come to the same text make one mutant."""
    sources = [m.source for m in _mutants(PYTHON, "for i in range(2):\n    print(i)\n")]
    assert len(sources) == len(set(sources))


def test_ids_stay_when_other_lines_come() -> None:
    """A mutant is called the same after an edit elsewhere, so that a spec can name it."""
    short = {m.id for m in _mutants(PYTHON, "t.start()\nt.join()\n")}
    longer = {m.id for m in _mutants(PYTHON, "import os\n\n\nt.start()\nt.join()\n")}
    assert short <= longer


def test_equal_changes_at_two_places_have_two_ids() -> None:
    """Two lines that read the same are told apart."""
    mutants = _mutants(PYTHON, "t.join()\nf()\nt.join()\n")
    ids = [m.id for m in mutants if m.operator == "remove-call"]
    assert len(ids) == len(set(ids)) == 2


def test_a_diff_shows_only_the_change() -> None:
    """What a reader is shown is the changed line with a line around it."""
    (mutant,) = (m for m in _mutants(PYTHON, "a = 1\nt.join()\nb = a\n") if "remove" in m.operator)
    assert (
        mutant.diff == "--- main.py\n+++ main.py\n@@ -1,3 +1,3 @@\n a = 1\n-t.join()\n+pass\n b = a"
    )
    assert mutant.line == 2


def test_positions_are_in_characters() -> None:
    """Letters of several bytes before a change do not move it."""
    (changed,) = _changes(PYTHON, 'é = "ü"; t.join()\n', "remove-call")
    assert changed == '-é = "ü"; t.join()+é = "ü"; pass'
