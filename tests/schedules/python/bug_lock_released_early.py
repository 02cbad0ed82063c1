"""The lock is held for the read and for the write, but not from the one to the other."""

import sys
import threading

fixed = "fixed" in sys.argv
counter = 0
lock = threading.Lock()


def add_in_two_turns():
    global counter
    with lock:
        seen = counter
    with lock:
        counter = seen + 1


def add_in_one_turn():
    global counter
    with lock:
        seen = counter
        counter = seen + 1


add = add_in_one_turn if fixed else add_in_two_turns
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("good" if counter == 2 else "bad")
