"""The picture of a page that the README shows: ``python -m tests.site.picture`` takes it anew.

It is of a page of the site as ``make verify`` and ``make site`` make it, in a real
browser. The digest of what it shows is written into it, so that a test can tell a
stale one.
"""

from __future__ import annotations

import hashlib
import shutil
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from harness.language.discovery import find_examples, load_all
from harness.language.home import STATE_DIRECTORY
from harness.site.data import gather
from harness.site.library import make_library
from harness.site.writing import write_site

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "page.png"
PAIR = "shared-state/lost-update"
_SHOWN = (ROOT / "examples" / PAIR, ROOT / "harness" / "site")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"digest\0"


def digest_of_what_is_shown() -> str:
    """Of the pair's programs and texts, and of all that makes a page of them."""
    digest = hashlib.sha256()
    kinds = {".css", ".html", ".js", ".py", ".rs", ".svg", ".toml"}
    for place in _SHOWN:
        for path in sorted(place.rglob("*")):
            if path.suffix in kinds and "ko" not in path.name and "target" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def digest_in(picture: bytes) -> str:
    """The digest that is written into a picture; empty if there is none."""
    for kind, data in _chunks(picture):
        if kind == b"tEXt" and data.startswith(_KEYWORD):
            return data.removeprefix(_KEYWORD).decode()
    return ""


def with_digest(picture: bytes, digest: str) -> bytes:
    """The picture with that digest in it."""
    data = b"tEXt" + _KEYWORD + digest.encode()
    text = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    head = len(_SIGNATURE) + 25  # the first chunk, which has to come first
    return picture[:head] + text + picture[head:]


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(picture):
        (size,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        at += size + 12


def take() -> None:
    """Write the picture."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this needs a browser

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        place = Path(name)
        specs = load_all(find_examples((ROOT / "examples",)))
        write_site(make_library(gather(specs, ROOT / STATE_DIRECTORY)), place)
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1180, "height": 860})
        page.goto(f"file://{place / 'pairs' / Path(PAIR).name}.html")
        picture = page.screenshot(type="png")
        browser.close()
    PICTURE.write_bytes(with_digest(picture, digest_of_what_is_shown()))


if __name__ == "__main__":
    take()
