"""A thread blocked in a way that nobody foresaw: a raw system call, the opening of a FIFO."""

import ctypes
import os
import sys
import tempfile
import threading


def raw():
    """Read by a system call past the C library's functions; 0 is `read` on x86-64, 63 elsewhere."""
    number = 0 if os.uname().machine == "x86_64" else 63
    reader, writer = os.pipe()
    buffer = ctypes.create_string_buffer(8)

    def read():
        print("got", ctypes.CDLL(None).syscall(number, reader, buffer, 8))

    return read, lambda: os.write(writer, b"xy")


def fifo():
    path = os.path.join(tempfile.mkdtemp(), "fifo")
    os.mkfifo(path)

    def read():
        with open(path) as file:
            print("got", file.read())

    def write():
        with open(path, "w") as file:
            file.write("xy")

    return read, write


blocked, freeing = {"raw": raw, "fifo": fifo}[sys.argv[1]]()
thread = threading.Thread(target=blocked)
thread.start()
for step in range(3):
    print("step", step)
freeing()
thread.join()
