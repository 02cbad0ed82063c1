import ctypes
import os
import threading

libc = ctypes.CDLL(None, use_errno=True)
reading, writing = os.pipe()
got = []


def read():
    buffer = ctypes.create_string_buffer(8)
    count = libc.read(reading, buffer, 8)
    got.append(buffer.raw[:count])


thread = threading.Thread(target=read)
thread.start()
print("main goes on")
os.write(writing, b"data")
thread.join()
print(f"got {got[0].decode()}")
print(f"slept: {libc.usleep(1000)}")
