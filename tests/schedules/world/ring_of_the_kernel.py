"""A thread that waits for a completion in a ring of io_uring's, to which nothing is submitted."""

import ctypes
import os
import threading
import time

SETUP, ENTER, GET_EVENTS = 425, 426, 1
syscall = ctypes.CDLL(None).syscall
ring = syscall(SETUP, 4, ctypes.create_string_buffer(120))
if ring < 0:
    print("none here")
    os._exit(0)


def wait():
    syscall(ENTER, ring, 0, 1, GET_EVENTS, None, 0)


threading.Thread(target=wait, daemon=True).start()
time.sleep(1)
print("main goes on", flush=True)
os._exit(0)
