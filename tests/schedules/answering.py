"""Somebody at the other end of a connection, who goes by real time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

THINKS_SECONDS = 0.4
"""Longer than either runtime waits for what the machine itself may still bring."""


@contextmanager
def answering(text: str) -> Iterator[int]:
    """The port at which one caller is answered, after a while."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                time.sleep(THINKS_SECONDS)
                connection.sendall(text.encode())

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join()
