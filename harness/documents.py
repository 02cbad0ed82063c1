"""The parts of README.md and docs/ that are made: ``python -m harness.documents`` writes them."""

from __future__ import annotations

import io
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from harness.cli import run_command_line
from harness.language.corpus import corpus_of
from harness.language.declarations import Spec
from harness.language.discovery import find_examples, load_all
from harness.language.home import default_corpora
from harness.proof.audit import figures as audit
from harness.proof.mutants import figures as mutants
from harness.values.errors import ExitCode, HarnessError
from harness.values.program import Side

README = Path("README.md")
CHECKS = Path("docs/checks.md")
PAIRS = Path("docs/pairs.md")
SCHEDULES = Path("docs/schedules.md")

AUDIT = Path("docs/audit.json")
"""The figures that ``make audit`` wrote last."""

MUTANTS = Path("docs/mutants.json")
"""The figures that ``make mutants`` wrote last."""

CLASSICS = Path("docs/classics.json")
"""The figures that ``python -m tests.bench classics-kept`` wrote last."""

FAILING_COMMAND = "check join --side rust tests/transcripts/readme-join.txt"


def every_pair() -> tuple[Spec, ...]:
    """The examples of all corpora, in reading order."""
    return load_all(find_examples(default_corpora()))


def pairs_table(specs: Iterable[Spec]) -> str:
    """The table of pairs, in reading order, in Markdown."""
    return "\n".join(
        (
            "| pair | what it shows | properties |",
            "|---|---|---|",
            *(_row(spec) for spec in specs),
        )
    )


def _row(spec: Spec) -> str:
    """A row of the table of pairs; links are relative to ``docs``."""
    refused = any(spec.is_refused(p) for p in spec.programs_of(Side.RUST))
    note = " (rustc refuses it, and its mended twin compiles)" if refused else ""
    link = f"[{spec.id}](../{corpus_of(spec.directory).name}/{spec.id})"
    return f"| {link} | {spec.title}{note} | {len(spec.properties)} |"


def with_part(text: str, name: str, content: str) -> str:
    """``text`` with a new ``content`` between the marks of ``name``; KeyError without them."""
    begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise KeyError(name)
    return f"{before}{begin}{content}{end}{after}"


def part(text: str, name: str) -> str:
    """What stands between the marks of ``name``."""
    return text.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]


def failing_output() -> str:
    """The command that the README shows failing, with what it prints."""
    output = io.StringIO()
    with redirect_stdout(output):
        run_command_line(FAILING_COMMAND.split())
    return f"```console\n$ harness {FAILING_COMMAND}\n{output.getvalue().strip()}\n```"


def audit_table() -> str:
    """What the last audit of the corpus found, in Markdown."""
    figures = json.loads(AUDIT.read_text(encoding="utf-8"))
    return _folded(audit.summary_of(figures), audit.markdown_of(figures))


def mutants_table() -> str:
    """What became of the mutants that nobody declared, in Markdown."""
    figures = json.loads(MUTANTS.read_text(encoding="utf-8"))
    tried = {row["example"] for row in figures["examples"]}
    untried = [f"`{spec.id}`" for spec in every_pair() if spec.id not in tried]
    summary = mutants.summary_of(figures)
    if untried:
        names = ", ".join(untried)
        summary += f" Not in these figures, until `make mutants` is run again: {names}."
    return _folded(summary, mutants.markdown_of(figures))


def classics_table() -> str:
    """How many schedules classic bugs and whole searches were measured to take, in Markdown."""
    figures = json.loads(CLASSICS.read_text(encoding="utf-8"))
    shown, starts = figures["shown"], figures["starts"]
    seen = sum(row["seen"] == row["seeds"] for row in shown)
    told = textwrap.wrap(
        f"With {' and '.join(figures['toolchains'])}, {seen} of {len(shown)} are shown by the "
        f"{figures['schedules']} schedules at every one of {shown[0]['seeds']} seeds. "
        f"The median is that of {starts} starts.",
        100,
        break_on_hyphens=False,
    )
    return "\n".join(
        (
            *told,
            "",
            "| bug | schedules until it is shown (median) | at most | seeds | best peer |",
            "|---|---|---|---|---|",
            *map(_classic_row, shown),
            "",
            "| program | runs until each trace was run | peers, until they have ended |",
            "|---|---|---|",
            *map(_whole_row, figures["whole"]),
        )
    )


def _classic_row(row: Mapping[str, Any]) -> str:
    peer = f"{row['peer']}: {row['peer needs']}" if "peer" in row else ""
    side, seeds = row["side"].capitalize(), f"{row['seen']} of {row['seeds']}"
    return f"| {side}: {row['bug']} | {row['median']:g} | {row['most']} | {seeds} | {peer} |"


def _whole_row(row: Mapping[str, Any]) -> str:
    peers = ", ".join(f"{name} {runs:,}" for name, runs in row["peers"].items())
    return f"| {row['side'].capitalize()}: {row['program']} | {row['runs']:,} | {peers} |"


def _folded(summary: str, table: str) -> str:
    """A sentence that all read, and the table for those who unfold it."""
    unbroken = summary.replace(" %", "\N{NO-BREAK SPACE}%")
    wrapped = "\n".join(textwrap.wrap(unbroken, 100, break_on_hyphens=False))
    fold = "<details>\n<summary>Example by example</summary>"
    return f"{wrapped}\n\n{fold}\n\n{table.strip()}\n\n</details>"


def made_parts() -> Iterator[tuple[Path, str, str]]:
    """Each part that is made: in which document, by the name of its marks, and what it says."""
    yield README, "failure", failing_output()
    yield CHECKS, "audit", audit_table()
    yield CHECKS, "mutants", mutants_table()
    yield PAIRS, "pairs", pairs_table(every_pair())
    yield SCHEDULES, "classics", classics_table()


def write() -> None:
    """Bring the documents up to date."""
    for document, name, content in made_parts():
        text = with_part(document.read_text(encoding="utf-8"), name, content)
        document.write_text(text, encoding="utf-8")


def main() -> int:
    """Bring the documents up to date; gives the exit code."""
    try:
        write()
    except HarnessError as error:
        print(f"harness: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
