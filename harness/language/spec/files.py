"""The files of one example, as its spec may name them: by relative path, and none outside."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from harness.values.errors import SpecError

MAX_BYTES = 1 << 20
"""The size of a file beyond which it is no program that a person reads."""


@dataclass(frozen=True, slots=True)
class Files:
    """The files below ``directory``; each is read once."""

    directory: Path
    _texts: dict[str, str | SpecError] = field(default_factory=dict)

    def text(self, path: str) -> str | None:
        """The text of a file, ``None`` if it cannot be taken."""
        found = self._look(path)
        return None if isinstance(found, SpecError) else found

    def has(self, path: str) -> bool:
        """Whether anything is there by that name, whatever it is."""
        return os.path.lexists(self.directory / path)

    def complaint(self, path: str) -> str:
        """Why the file cannot be taken, empty if it can."""
        found = self._look(path)
        return str(found) if isinstance(found, SpecError) else ""

    def _look(self, path: str) -> str | SpecError:
        """The text, or why there is none: each file is read once, whoever asks for it."""
        if path not in self._texts:
            try:
                self._texts[path] = self._read(path)
            except SpecError as error:
                self._texts[path] = error
        return self._texts[path]

    def _read(self, path: str) -> str:
        """Raises SpecError for a path that leads out of the directory, also by way of links."""
        relative = PurePosixPath(path)
        if relative.is_absolute() or ".." in relative.parts or self._leads_out(relative):
            raise SpecError(f'"{path}" leaves the example\'s directory')
        return read_text(self.directory / path, f'"{path}"')

    def _leads_out(self, path: PurePosixPath) -> bool:
        """Whether a symbolic link on the way leads out of the directory."""
        here = f"{self.directory}"
        for part in path.parts:
            here = f"{here}/{part}"
            if os.path.islink(here):  # noqa: PTH114 - each file of the corpus comes by here
                real = Path(os.path.realpath(self.directory / path))
                return not real.is_relative_to(os.path.realpath(self.directory))
        return False


def read_text(path: Path, name: str) -> str:
    """The text of a file, called ``name``; raises SpecError that says why it cannot be had.

    Every line ends in a line feed alone, and a byte order mark is left out.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SpecError(f"{name} is no file")
        if status.st_size > MAX_BYTES:
            raise SpecError(f"{name} is larger than {MAX_BYTES >> 20} MiB")
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except FileNotFoundError:
        raise SpecError(f"there is no file {name}") from None
    except UnicodeDecodeError as error:
        raise SpecError(f"{name} is not UTF-8 (byte {error.start + 1})") from None
    except OSError as error:
        raise SpecError(f"{name} cannot be read: {error.strerror}") from None
    except ValueError:
        raise SpecError(f"{name} is no path".replace("\0", "\\0")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
