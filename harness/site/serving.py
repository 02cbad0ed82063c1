"""Serve the written site to this machine's own browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is given
        """Say nothing of requests that went well."""


def serve(directory: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve ``directory`` until interrupted; raises OSError if the port is taken."""
    handler = partial(_Quiet, directory=str(directory))
    with ThreadingHTTPServer((HOST, port), handler) as server:
        tell(f"http://{HOST}:{port}/index.html (Ctrl-C ends it)")
        server.serve_forever()
