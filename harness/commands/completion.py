"""What the shell offers when a name is being typed: examples and controls of the corpus here."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from harness.language.discovery import find_directories
from harness.language.home import default_corpora
from harness.language.spec import load_spec
from harness.values.errors import SpecError


def complete_example(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The names of the examples; none where there is no corpus."""
    del parameter
    return [
        CompletionItem(directory.name, help=directory.parent.name)
        for directory in _directories(context)
        if directory.name.startswith(incomplete)
    ]


def complete_control(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The names of the controls of the example that was typed before."""
    del parameter
    for directory in _directories(context):
        if directory.name == context.params.get("name"):
            return [CompletionItem(n) for n in _controls(directory) if n.startswith(incomplete)]
    return []


def _directories(context: click.Context) -> list[Path]:
    """The examples of the corpora that the words so far mean.

    None rather than an error: a shell asks.
    """
    named = context.params.get("corpus")
    try:
        corpora = (Path(named),) if named else default_corpora()
    except SpecError:
        return []
    there = (corpus for corpus in corpora if corpus.is_dir())
    return [directory for corpus in there for directory in find_directories(corpus)]


def _controls(directory: Path) -> list[str]:
    """Their names, if the spec can be read at all: a shell has no use for a complaint."""
    try:
        return [control.name for control in load_spec(directory).controls]
    except SpecError:
        return []
