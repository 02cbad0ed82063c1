"""Begin a corpus: what lies at its top, and a workflow that verifies it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from string import Template

from harness.authoring.scaffold import templates
from harness.authoring.scaffold.pair import write_new
from harness.language.corpus import CORPUS_FILE
from harness.language.home import repository_of

DISTRIBUTION = "paired-concurrency"
"""What pip calls us."""

WORKFLOW = Path(".github", "workflows", "pairs.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The files that were made, and those that were there and are as they were."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def begin(corpus: Path, *, has_workflow: bool) -> Begun:
    """Write what lies at the top of ``corpus``; what is there already stays as it is.

    The workflow is the one file outside of it: services look for theirs at the
    top of a repository. Raises UsageError for what cannot be written.
    """
    wanted = {
        corpus / CORPUS_FILE: Template(templates.CORPUS).substitute(title=_title(corpus)),
        corpus / ".gitignore": templates.IGNORED,
    }
    if has_workflow:
        wanted |= _workflow(corpus)
    new = {path: text for path, text in wanted.items() if not path.exists()}
    write_new(new)
    return Begun(made=tuple(new), kept=tuple(path for path in wanted if path not in new))


def _title(corpus: Path) -> str:
    """After the project: ``Pairs of my-book``; a name is written as TOML takes it."""
    place = corpus.absolute()
    project = place.parent if place.name == "examples" else place
    name = project.name.replace("\\", "").replace('"', "")
    return f"Pairs of {name}" if name.isprintable() and name else "Pairs"


def _workflow(corpus: Path) -> dict[Path, str]:
    """The workflow at the top of the repository; where there is none, beside ``examples``."""
    place = corpus.absolute()
    top = repository_of(place) or (place.parent if place.name == "examples" else place)
    name = place.relative_to(top).as_posix()
    text = Template(templates.WORKFLOW).substitute(corpus=name, distribution=DISTRIBUTION)
    return {_shown(top / WORKFLOW): text}


def _shown(path: Path) -> Path:
    return Path(os.path.relpath(path))
