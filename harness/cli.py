"""The command line: finds the command, and turns whatever goes wrong into one line and a code."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from importlib import import_module
from io import StringIO, TextIOWrapper
from typing import NoReturn, TextIO

import click

from harness.values.errors import ExitCode, HarnessError
from harness.values.words import shortened, visible

COMMANDS = {
    "verify": "build and run both sides of the examples, and judge what they print",
    "list": "what examples there are",
    "show": "an example: both programs and what is true of them",
    "break": "apply a control to a copy of an example, and show what it breaks",
    "run": "run one example as a reader would, and judge that run",
    "mend": "give a broken program to be mended, and say whether it has been",
    "try": "a script or crate of yours, without any spec, under many schedules",
    "explore": "many controlled schedules of each program, or all of them",
    "check": "judge a recorded transcript against a spec; no program is run",
    "init": "begin a corpus, with a first pair that verifies",
    "new": "write a new pair that verifies as it stands",
    "lock": "pin the packages that the Python programs of a corpus need",
    "propose": "what always held of an example's runs, as properties for its spec",
    "adopt": "the paired programs of a Markdown chapter, as a draft corpus",
    "explain": "what a family of properties says, with an example that passes and one that fails",
    "audit": "prove that every check can fail: break the programs, mutate what they print",
    "mutate": "change the programs in small ways, and see whether their specs can tell",
    "evidence": "what the record of runs says: violations, interleavings, outcomes",
    "rejudge": "take the kept runs through the specs as they are now; no program is run",
    "merge": "join the JSON reports of shards, machines and toolchains into one",
    "site": "write the static site for browsing the pairs",
    "render": "put the pairs that a Markdown file asks for into it, with checked transcripts",
    "mdbook": "the preprocessor by which an mdBook book shows pairs",
    "doctor": "what was found on this machine, and what will be skipped and why",
}
"""Each command's module is imported only when it is used (see ``tests.bench start-up``)."""


class _Commands(click.Group):
    """The group whose commands are modules of :mod:`harness.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the manual."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its module is imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"harness.commands.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a slip of ours, not the user's
        if not gc.isenabled():
            begin_to_collect()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="paired-concurrency", prog_name="harness")
def harness() -> None:
    """Verify a corpus of concurrent programs, each written in Python and in Rust."""


@harness.result_callback()
def _finish(code: int | None) -> int:
    """A command that has left examples out, since their specs cannot be taken, has failed."""
    from harness.commands.shared import has_told_faults  # noqa: PLC0415 - most need no more

    return int(code or (ExitCode.FAILED if has_told_faults() else ExitCode.OK))


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; the codes are those of :class:`ExitCode`.

    Being asked to end is an interruption like Ctrl-C, whoever asks: so no program that
    is being run outlives the harness, or the terminal that it was started in.
    """
    hears = callable(signal.getsignal(signal.SIGINT))  # and has ended us at once so far: `__main__`
    open_what_is_closed()
    hand_on_no_deafness()
    for name in _ASKING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    if hears:  # from here on it is caught
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run_command_line(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is over: nothing is left to be interrupted
    _drop_what_is_unwritten()
    sys.exit(code)


def _drop_what_is_unwritten() -> None:
    """What stdout has refused was told: the interpreter would try again, and end with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        nobody = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nobody, sys.stdout.fileno())
        os.close(nobody)


def open_what_is_closed() -> None:
    """Let stdin, stdout and stderr be open, to nobody: else the next file would take their place.

    What is printed would go into that.
    """
    is_closed = sys.stdin is None, sys.stdout is None, sys.stderr is None
    if any(is_closed):
        while (opened := os.open(os.devnull, os.O_RDWR)) < len(is_closed):
            pass
        os.close(opened)
    sys.stdin = sys.stdin or _to_nobody()
    sys.stdout = sys.stdout or _to_nobody()
    sys.stderr = sys.stderr or _to_nobody()


def _to_nobody() -> TextIO:
    return open(os.devnull, "r+", encoding="utf-8")  # noqa: PTH123 - for as long as we live


def begin_to_collect() -> None:
    """Look for garbage from now on, but not among what is there: modules stay to the end."""
    if hasattr(gc, "freeze"):  # PyPy has none
        gc.freeze()
    gc.enable()


_ASKING = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that ask a process to end, beside SIGINT; SIGHUP comes of a terminal that is closed."""

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")
"""Of those the default is restored in whatever is started."""


def hand_on_no_deafness() -> None:
    """Let no program inherit from our caller that it ignores signals; for the main thread only.

    Shells have a job in the background ignore some, ``nohup`` another, a script by ``trap`` any.
    What is ignored stays so in a program that is started, and changes what it does; what is
    handled does not. So the signals that we were told to ignore get a handler that does nothing.
    """
    passed_on = {getattr(signal, name, None) for name in _IGNORED_BY_PYTHON}
    for number in signal.valid_signals() - passed_on:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


def run_command_line(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code.

    Raises SystemExit where click ends it: whoever read our output has gone.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = harness.main(args=arguments, prog_name="harness", standalone_mode=False)
        sys.stdout.flush()  # what cannot be written any more is heard of here, and not at the end
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _say("interrupted", ExitCode.INTERRUPTED)
    except click.ClickException as error:
        said = StringIO()
        error.show(said)
        click.echo(visible(said.getvalue()), err=True, nl=False)
        return ExitCode.USAGE
    except HarnessError as error:
        return _say(str(error), error.exit_code)
    except OSError as error:
        return _say(_refusal(error), ExitCode.USAGE)
    except Exception:  # noqa: BLE001 - the one place for faults of ours
        traceback.print_exc()
        return _say("this is a fault of the harness itself", ExitCode.FAULT)
    return int(code or ExitCode.OK)


def _refusal(error: OSError) -> str:
    """What the system refused: no room, no permission, no such file."""
    reason = (error.strerror or str(error)).lower()
    names = [shortened(str(name)) for name in (error.filename, error.filename2) if name is not None]
    return ": ".join((*names, reason))


def _say(message: str, code: ExitCode) -> ExitCode:
    """Write a message to stderr, each line by our name; gives the exit code that goes with it."""
    for line in message.split("\n"):
        click.echo(f"harness: {visible(line)}", err=True)
    return code
