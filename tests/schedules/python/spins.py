"""A thread that spins for a flag that nobody sets."""

import threading

flag = False


def spin():
    while not flag:
        pass


thread = threading.Thread(target=spin)
print("before")
thread.start()
thread.join()
