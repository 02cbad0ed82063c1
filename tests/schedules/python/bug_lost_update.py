"""Two threads add to a counter, by a `call` between read and write or `plain`ly; or `fixed`."""

import sys
import threading

counter = 0
lock = threading.Lock()


def more(value):
    return value + 1


def add_by_call():
    global counter
    for _ in range(3):
        counter = more(counter)


def add_plainly():
    global counter
    for _ in range(3):
        counter = counter + 1


def add_under_a_lock():
    global counter
    for _ in range(3):
        with lock:
            counter = more(counter)


ways = {"call": add_by_call, "plain": add_plainly, "fixed": add_under_a_lock}
threads = [threading.Thread(target=ways[sys.argv[-1]]) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("good" if counter == 6 else "bad")
