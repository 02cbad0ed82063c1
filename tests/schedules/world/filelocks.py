"""Locks on files keep threads apart, and let the others go on."""

import fcntl
import os
import tempfile
import threading

inside = []
worst = []


def work(path, take):
    for _ in range(2):
        with open(path, "r+b") as file:
            take(file)
            inside.append(1)
            worst.append(len(inside))
            print("inside")
            inside.pop()


with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "file")
    open(path, "wb").close()
    whole = [
        threading.Thread(target=work, args=(path, lambda file: fcntl.flock(file, fcntl.LOCK_EX)))
        for _ in range(2)
    ]
    for thread in whole:
        thread.start()
    for thread in whole:
        thread.join()
print("worst", max(worst))
