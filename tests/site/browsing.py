"""The browser in which tests look at the site, as patient as a busy machine needs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

PATIENCE_MILLISECONDS = 240_000
"""What nothing takes here: by itself a browser gives up after 30 s."""


@contextmanager
def launched() -> Iterator[Any]:
    """A Chromium of its own; skips where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
            timeout=PATIENCE_MILLISECONDS,
        )
        yield browser
        browser.close()


def new_context(browser: Any, **options: Any) -> Any:
    """A context without memory of any other."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context
