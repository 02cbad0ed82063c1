"""What this runtime itself uses of the interpreter, taken before anything is replaced."""

from __future__ import annotations

import os
import time
from _thread import RLock, allocate_lock, get_ident, start_new_thread

exit_process = os._exit
sleep = time.sleep
monotonic_ns = time.monotonic_ns
read = os.read
write = os.write
waitpid = os.waitpid

__all__ = [
    "RLock",
    "allocate_lock",
    "exit_process",
    "get_ident",
    "monotonic_ns",
    "read",
    "sleep",
    "start_new_thread",
    "waitpid",
    "write",
]
