"""A thread blocked where nobody foresaw it: by a system call past the C library's functions."""

import ctypes
import os
import threading

READ = 0 if os.uname().machine == "x86_64" else 63
reader, writer = os.pipe()
buffer = ctypes.create_string_buffer(8)


def read():
    print("got", ctypes.CDLL(None).syscall(READ, reader, buffer, 8))


thread = threading.Thread(target=read)
thread.start()
for step in range(3):
    print("step", step)
os.write(writer, b"xy")
thread.join()
