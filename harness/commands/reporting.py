"""Which reports a command writes, and where to."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Self, TextIO

import click

from harness.values.errors import ExitCode, UsageError
from harness.values.report import Report
from harness.values.words import nearest

STDOUT = "-"
SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Where GitHub Actions wants a job's summary: the name of a file to append to."""

OUTPUT_VARIABLE = "GITHUB_OUTPUT"
"""The same for what other steps of the job may ask: a line ``name=value`` for each."""

FORMATS: Mapping[str, str] = {
    "junit": "junit",
    "json": "json_lines",
    "markdown": "markdown",
    "github": "github",
}
"""Of each form the module of ``harness.reports`` that has a function of its name.

Each is imported only when it is asked for, as commands are: most calls write none.
"""


def form_of(name: str) -> Callable[[Report], str]:
    """What writes a report in the form of that name, one of ``FORMATS``."""
    module = FORMATS[name]
    form: Callable[[Report], str] = getattr(import_module(f"harness.reports.{module}"), module)
    return form


def _github_takes_commands(token: str) -> tuple[str, str]:
    """What has GitHub take no commands from here on, and what has it take them again."""
    from harness.reports.github import stop_commands  # noqa: PLC0415 - as the forms

    return stop_commands(token)


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """One report to write: its format, and the file (``-`` is stdout)."""

    format: str
    file: str


class _TargetType(click.ParamType[ReportTarget]):
    """``junit=FILE``, ``json=FILE``, ``markdown=FILE``, ``github``."""

    name = "FORMAT[=FILE]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> ReportTarget:
        """The target; without a file it is stdout."""
        word, equals, file = str(value).partition("=")
        if word not in FORMATS:
            known = ", ".join(f"{each}[=FILE]" for each in FORMATS if each != "github")
            hint = nearest(word, FORMATS)
            self.fail(f'expected {known} or github, found "{value}"{hint}', param, ctx)
        if equals and (not file or word == "github"):
            self.fail(f'"{value}": expected {"github" if word == "github" else f"{word}=FILE"}')
        return ReportTarget(word, file or STDOUT)


report_option = click.option(
    "--report",
    "targets",
    type=_TargetType(),
    multiple=True,
    help="Also write a report: junit=FILE, json=FILE, markdown=FILE (- is stdout) or github.",
)


@dataclass(frozen=True, slots=True)
class Reporting:
    """The reports of one call; ``token`` ends the time in which GitHub takes no commands."""

    targets: tuple[ReportTarget, ...] = ()
    token: str = ""

    @property
    def out(self) -> TextIO:
        """Stderr, if a report for a program goes to stdout."""
        piped = any(t.file == STDOUT and t.format != "github" for t in self.targets)
        return sys.stderr if piped else sys.stdout

    def __enter__(self) -> Self:
        """From here on nothing that is printed is a command to GitHub."""
        if self.token:
            self.out.write(_github_takes_commands(self.token)[0])
        return self

    def __exit__(self, *_: object) -> None:
        """What is printed now may be one again."""
        if self.token:
            self.out.write(_github_takes_commands(self.token)[1])
            self.out.flush()

    def write(self, report: Report) -> None:
        """Write all reports, and the job's summary."""
        for target in self.targets:
            text = form_of(target.format)(report)
            if target.file == STDOUT:
                _write_to_stdout(text)
            else:
                _write(Path(target.file), text)
        summary = os.environ.get(SUMMARY_VARIABLE)
        if self.token and summary:
            _write(Path(summary), form_of("markdown")(report), mode="a")
        outputs = os.environ.get(OUTPUT_VARIABLE)
        if self.token and outputs:
            _write(Path(outputs), outputs_of(report), mode="a")


def outputs_of(report: Report) -> str:
    """How many sides came to what, for other steps of a job: what is bad has failed."""
    counts = Counter(
        "failed" if v.outcome.is_bad else v.outcome.value.lower() for v in report.verdicts
    )
    names = ("passed", "failed", "inconclusive", "skipped")
    return "".join(f"{name}={counts[name]}\n" for name in names)


def prepare_reporting(targets: Iterable[ReportTarget]) -> Reporting:
    """The reporting to these targets: a context for all that is printed before ``write``.

    Raises UsageError where one cannot be written, before anything is run.
    """
    chosen = tuple(targets)
    places: dict[str, list[str]] = {}
    for target in chosen:
        place = STDOUT if target.file == STDOUT else os.path.realpath(target.file)
        places.setdefault(place, []).append(target.format)
    for place, formats in places.items():
        if len(formats) > 1:
            where = "stdout" if place == STDOUT else place
            raise UsageError(
                f"--report: only one of {', '.join(formats)} can be written to {where}"
            )
    for target in chosen:
        if target.file != STDOUT and not _is_pipe(Path(target.file)):
            _write(Path(target.file), "")  # nobody shall take an earlier report for this call's
    is_on_github = any(target.format == "github" for target in chosen)
    return Reporting(chosen, secrets.token_hex(16) if is_on_github else "")


def read_report(file: str) -> Report:
    """The report that was written to ``file`` as JSON; ``-`` is stdin.

    Raises UsageError for what is no such report.
    """
    from harness.reports.json_lines import read_json_lines  # noqa: PLC0415 - as the forms

    try:
        with click.open_file(file, encoding="utf-8", errors="surrogateescape") as lines:
            return read_json_lines(lines, file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{file}: cannot be read: {reason}") from None


def _write_to_stdout(text: str) -> None:
    """Formats for programs are UTF-8 with plain line ends, whatever a terminal here would take."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _is_pipe(file: Path) -> bool:
    """Whether it is one that a reader may have opened, and would find at its end."""
    return file.exists() and not file.is_file()


def _open_at_once(file: str, flags: int) -> int:
    """Open a file; one that is a pipe is not waited for: whoever is to read it is there, or not."""
    descriptor = os.open(file, flags | getattr(os, "O_NONBLOCK", 0), 0o666)
    os.set_blocking(descriptor, True)
    return descriptor


def _write(file: Path, text: str, mode: str = "w") -> None:
    """Write a report; raises UsageError with the system's reason where that cannot be.

    Opened without waiting: a named pipe that nobody reads would block for ever.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(
            file,
            mode,
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            opener=_open_at_once,
        ) as out:
            out.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        if error.errno == errno.ENXIO:
            reason = "nobody reads this pipe"
        raise UsageError(f"--report: {file}: cannot be written: {reason}") from None


def exit_code_of(report: Report) -> ExitCode:
    """How ``verify`` ends: a fault of ours first, then what failed or is not whole."""
    if report.faults:
        return ExitCode.FAULT
    if report.gaps or any(verdict.outcome.is_bad for verdict in report.verdicts):
        return ExitCode.FAILED
    return ExitCode.OK
