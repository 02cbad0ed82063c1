"""compile-error: the compiler refuses the program, with exactly these errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.values.program import Side
from harness.values.toolchain import Build, Built, Diagnostic, NotBuilt, Place, Refused
from tests.properties.driver import read_claim, refusal

SOURCE = "fn main() {\n    let v = vec![1];\n    drop(v);\n    drop(v);\n    spawn(|| {\n"
LINES = SOURCE.split("\n")
SUMMARY = Diagnostic(message="aborting due to 1 previous error")


def error(code: str, line: int, message: str = "use of moved value") -> Diagnostic:
    """An error whose primary span starts on that line."""
    place = Place(file="src/main.rs", line=line, column=5, text=LINES[line - 1])
    return Diagnostic(code=code, message=message, place=place)


def said(rule: str, build: Build) -> list[str]:
    """The messages of the violations."""
    claim = read_claim("", f"compile-error = {rule}")
    return [violation.message for violation in claim.rule.judge_build(build, SOURCE)]


MOVED = '{ code = "E0382", at = "spawn", mended = "mended" }'


@pytest.mark.parametrize(
    ("rule", "errors", "messages"),
    [
        (MOVED, [error("E0382", 5)], []),
        (MOVED, [error("E0382", 5), SUMMARY], []),
        (MOVED, [error("E0382", 2)], ["the compiler gives another error"]),
        (MOVED, [error("E0499", 5)], ["the compiler gives another error"]),
        (
            MOVED,
            [error("E0382", 5), error("E0382", 5)],
            ["the compiler gives an error that is not expected"],
        ),
        (MOVED, [SUMMARY], ["the compiler does not give every error that is expected"]),
        (
            '{ message = "use of {what} value", at = "let v", mended = "mended" }',
            [error("", 2)],
            [],
        ),
        (
            '{ message = "use of value", mended = "mended" }',
            [error("", 2)],
            ["the compiler gives another error"],
        ),
        (
            '{ errors = [{ code = "E0382" }, { code = "E0382", at = "let v" }], mended = "m" }',
            [error("E0382", 2), error("E0382", 5)],
            [],
        ),
        (
            '{ errors = [{ code = "E0382" }, { code = "E0499" }], mended = "m" }',
            [error("E0382", 2)],
            ["the compiler does not give every error that is expected"],
        ),
        ('{ code = "E0382", at = "drop(v)", nth = 2, mended = "m" }', [error("E0382", 4)], []),
        (
            '{ code = "E0382", at = "drop(v)", nth = 2, mended = "m" }',
            [error("E0382", 3)],
            ["the compiler gives another error"],
        ),
    ],
)
def test_errors_are_compared_exactly(
    rule: str, errors: list[Diagnostic], messages: list[str]
) -> None:
    """Each error that is claimed comes, at its place, and no other one."""
    assert messages == said(rule, Refused(diagnostics=tuple(errors)))


UNMET = "`Cell<i64>` cannot be shared between threads safely"
AT_DROP = '{ code = "E0277", at = "drop(v)", nth = 1, mended = "mended" }'


AT_BOTH = (
    '{ errors = [{ code = "E0277", at = "let v" }, { code = "E0277", at = "spawn" }], '
    'mended = "m" }'
)


def unmet(line: int, *notes: str, message: str = UNMET) -> Diagnostic:
    """A requirement that is not met, on these grounds."""
    return replace(error("E0277", line, message), notes=notes)


@pytest.mark.parametrize(
    ("rule", "errors", "messages"),
    [
        # rustc 1.101 says it for each closure, those before it once.
        (AT_DROP, [unmet(3, "a"), unmet(5, "a")], []),
        (AT_DROP, [unmet(3, "a")], []),
        # It must come at the place that is claimed.
        (
            AT_DROP,
            [unmet(2, "a"), unmet(5, "a")],
            [
                "the compiler gives another error",
                "the compiler gives an error that is not expected",
            ],
        ),
        # Other grounds, another requirement, and another kind of error are further errors.
        (
            AT_DROP,
            [unmet(3, "a"), unmet(5, "b")],
            ["the compiler gives an error that is not expected"],
        ),
        (
            AT_DROP,
            [unmet(3), unmet(5, message="`Rc<i64>` cannot be sent")],
            ["the compiler gives an error that is not expected"],
        ),
        (
            MOVED,
            [error("E0382", 5), error("E0382", 3)],
            ["the compiler gives an error that is not expected"],
        ),
        # Who claims each place asks for each.
        (
            AT_BOTH,
            [unmet(2, "a"), unmet(5, "a")],
            [],
        ),
        (
            AT_BOTH,
            [unmet(2, "a")],
            ["the compiler does not give every error that is expected"],
        ),
    ],
)
def test_a_requirement_that_is_not_met_is_one_error(
    rule: str, errors: list[Diagnostic], messages: list[str]
) -> None:
    """However many places ask for it: compilers differ in whether they say it for each."""
    assert messages == said(rule, Refused(diagnostics=tuple(errors)))


def test_a_program_that_compiles_is_a_violation() -> None:
    """What was to be refused was not."""
    assert ["it compiles, though the compiler should refuse it"] == said(
        MOVED, Built(command=("main",))
    )


def test_a_build_that_could_not_be_made_says_nothing() -> None:
    """Whether the compiler would refuse it is not known."""
    assert [] == said(MOVED, NotBuilt(reason="no linker"))


def test_another_error_is_shown_beside_the_expected_one() -> None:
    """The violation says which error, where, and the text of the line."""
    claim = read_claim("", f"compile-error = {MOVED}")
    (violation,) = claim.rule.judge_build(Refused(diagnostics=(error("E0499", 3),)), SOURCE)
    assert 'E0382 at "spawn"' == violation.expected
    assert 'E0499 "use of moved value" at src/main.rs:3 "drop(v);"' == violation.found


def test_the_loader_is_told_what_to_look_up() -> None:
    """The mended twin, the side, and the places in the source."""
    rule = read_claim("", f"compile-error = {MOVED}").rule
    assert ("mended",) == rule.mended_programs
    assert (Side.RUST,) == rule.allowed_sides
    assert (("spawn", None),) == rule.source_texts


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('{ code = "E0382" }', ': expected the key "mended", which is missing'),
        (
            '{ at = "x", mended = "m" }',
            ': expected "code", or "message" where the compiler gives no code',
        ),
        (
            '{ code = "382", mended = "m" }',
            '.code: expected a code such as "E0373", or a lint\'s name, found "382"',
        ),
        ('{ errors = [], mended = "m" }', ".errors: expected at least one error"),
        (
            '{ errors = [{ code = "E0382", cod = "x" }], mended = "m" }',
            (
                '.errors[0]: unknown key "cod" (did you mean "code"?); '
                'known here: "at", "code", "message", "nth"'
            ),
        ),
        (
            '{ code = "E0382", at = "x", nth = 0, mended = "m" }',
            '.nth: expected which of the lines that hold "at" it is, from 1 on',
        ),
        (
            '{ code = "E0382", message = "{", mended = "m" }',
            '.message: column 1: unbalanced "{"; write "{{" for the character itself',
        ),
        (
            '{ code = "E0382", message = 1, mended = "m" }',
            ".message: expected the text of a message",
        ),
    ],
)
def test_a_senseless_compile_error_is_refused(rule: str, message: str) -> None:
    """What the compiler cannot say does not load."""
    assert f"compile-error{message}" == refusal("", f"compile-error = {rule}")
