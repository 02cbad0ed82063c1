"""What cargo says with ``--message-format=json``, as values.

Format: https://doc.rust-lang.org/cargo/reference/external-tools.html and
https://doc.rust-lang.org/rustc/json.html. Whatever is not known is passed
over: later versions may add kinds and keys. So is what has the name of a message and
not its form: macros, build scripts and wrappers of the compiler may print anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from harness.values.toolchain import Diagnostic, Place

CRASH_LEVEL = "error: internal compiler error"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Something that was built, or was found fresh, from the main file ``source``."""

    source: str
    name: str
    executable: str | None
    files: tuple[str, ...]
    is_fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompilerError:
    """An error in the target whose main file is ``source``, in the package of ``manifest``."""

    source: str
    manifest: str
    diagnostic: Diagnostic
    is_crash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildLog:
    """All that matters of one call of cargo.

    ``has_begun`` says whether cargo came as far as compiling: without it the
    manifests or the packages could not be had.
    """

    artifacts: tuple[Artifact, ...] = ()
    errors: tuple[CompilerError, ...] = ()
    has_begun: bool = False


def read_messages(stdout: bytes, root: Path) -> BuildLog:
    """Read what cargo printed when it was started for the workspace at ``root``."""
    messages = tuple(_messages(stdout))
    return BuildLog(
        artifacts=tuple(_read_all(_artifact, messages, "compiler-artifact")),
        errors=tuple(_errors(messages, root)),
        has_begun=any(m.get("reason") == "build-finished" for m in messages),
    )


def artifact_name(line: bytes) -> str | None:
    """Return the name of the target that this line reports as done, if it does."""
    message = _parse(line)
    if message is None or message.get("reason") != "compiler-artifact":
        return None
    artifact = _or_none(_artifact, message)
    return None if artifact is None else artifact.name


def _read_all(
    read: Callable[[dict[str, Any]], _T | None], messages: tuple[dict[str, Any], ...], reason: str
) -> Iterator[_T]:
    """What the messages of one kind say, of those that have its form."""
    for message in messages:
        if message.get("reason") == reason and (found := _or_none(read, message)) is not None:
            yield found


def _or_none(read: Callable[[dict[str, Any]], _T | None], message: dict[str, Any]) -> _T | None:
    """What a reader makes of a message; ``None`` for one that has not the form of cargo's."""
    try:
        return read(message)
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _messages(stdout: bytes) -> Iterator[dict[str, Any]]:
    """All objects of JSON that stand on a line of their own."""
    for line in stdout.splitlines():
        message = _parse(line)
        if message is not None:
            yield message


def _parse(line: bytes) -> dict[str, Any] | None:
    """Parse one line; build scripts and wrappers may print what is no message."""
    if not line.startswith(b"{"):
        return None
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _artifact(message: Mapping[str, Any]) -> Artifact:
    """Raises LookupError or TypeError for a message of another form."""
    executable = message.get("executable")
    return Artifact(
        source=_text(message["target"]["src_path"]),
        name=_text(message["target"]["name"]),
        executable=None if executable is None else _text(executable),
        files=tuple(map(_text, message.get("filenames", ()))),
        is_fresh=bool(message.get("fresh")),
    )


def _errors(messages: tuple[dict[str, Any], ...], root: Path) -> Iterator[CompilerError]:
    """Yield the errors of each target, without the closing line that only counts them."""
    by_source: dict[str, list[CompilerError]] = {}
    for error in _read_all(lambda message: _error(message, root), messages, "compiler-message"):
        by_source.setdefault(error.source, []).append(error)
    for errors in by_source.values():
        # rustc closes with "aborting due to 2 previous errors", as an error of its own.
        telling = [e for e in errors if e.diagnostic.code or e.diagnostic.place or e.is_crash]
        # What has neither code nor place is the count, unless it is all there is (a linker's).
        yield from telling or errors


def _is_error(diagnostic: Mapping[str, Any]) -> bool:
    """Errors and crashes of the compiler, which call themselves errors, too."""
    return str(diagnostic.get("level", "")).startswith("error")


def _error(message: Mapping[str, Any], root: Path) -> CompilerError | None:
    """The error that a message tells of; ``None`` for a warning."""
    manifest = str(message.get("manifest_path", ""))
    diagnostic = message["message"]
    if not _is_error(diagnostic):
        return None
    return CompilerError(
        source=_text(message["target"]["src_path"]),
        manifest=manifest,
        diagnostic=Diagnostic(
            message=_text(diagnostic["message"]),
            code=_text((diagnostic.get("code") or {}).get("code", "")),
            place=_place(diagnostic.get("spans", ()), root, Path(manifest).parent),
            notes=tuple(_text(child["message"]) for child in diagnostic.get("children", ())),
            rendered=_text(diagnostic.get("rendered") or ""),
        ),
        is_crash=diagnostic["level"] == CRASH_LEVEL,
    )


def _place(spans: list[dict[str, Any]], root: Path, crate: Path) -> Place | None:
    """Return where the primary span starts; if in a macro's source, where the crate calls it."""
    primary = next((span for span in spans if span.get("is_primary")), None)
    if primary is None:
        return None
    # A reader looks for the place in the program, and has never seen the macro's source.
    chosen = next((s for s in _expansions(primary) if _is_within(s, root, crate)), primary)
    text = chosen.get("text") or [{}]
    return Place(
        file=_relative(chosen["file_name"], root, crate),
        line=_number(chosen["line_start"]),
        column=_number(chosen["column_start"]),
        text=_text(text[0].get("text", "")),
    )


def _expansions(span: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Yield the span, then the call of the macro that it is from, and so outwards."""
    while span is not None:
        yield span
        span = (span.get("expansion") or {}).get("span")


def _is_within(span: Mapping[str, Any], root: Path, crate: Path) -> bool:
    """Whether a span stands in a file of the crate; rustc names files as seen from ``root``."""
    return (root / str(span["file_name"])).is_relative_to(crate)


def _relative(name: str, root: Path, crate: Path) -> str:
    """Return the file as seen from the crate; rustc names it as seen from the workspace."""
    path = root / name
    return path.relative_to(crate).as_posix() if path.is_relative_to(crate) else name


def _text(value: Any) -> str:
    """The value, if it is a text; raises TypeError."""
    if not isinstance(value, str):
        raise TypeError("a message holds a text here")
    return value


def _number(value: Any) -> int:
    """The value, if it is a line or a column that can be; raises TypeError."""
    if not isinstance(value, int) or not 0 <= value < 1 << 32:
        raise TypeError("a message holds a number here")
    return value
