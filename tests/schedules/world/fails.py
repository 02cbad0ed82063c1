"""A thread fails; from CPython 3.15 on, what tells of it imports what it needs only then."""

import threading


def work():
    raise ValueError("it failed")


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("joined")
