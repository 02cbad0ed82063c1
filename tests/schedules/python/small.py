"""A small program out of letters: the first argument is main's, each further one a thread's.

`tests/bench/agreement.py` has the letters.  Main prints "good" if all that it relies on was so,
else "bad".
"""

import queue
import sys
import threading
import time

total = 0
ready = False
wrong = False
first = threading.Lock()
second = threading.Lock()
guard = threading.Lock()
told = threading.Condition()
items = queue.SimpleQueue()


def add():
    global total
    with guard:
        seen = total
    with guard:
        total = seen + 1


def add_once():
    global total
    total += 1


def locked():
    with first:
        add_once()


def both():
    with first, second:
        add_once()


def both_the_other_way():
    with second, first:
        add_once()


def wait_once():
    global wrong
    with told:
        if not ready:
            told.wait()
        wrong = wrong or not ready


def wait_in_a_loop():
    with told:
        while not ready:
            told.wait()


def tell():
    global ready
    with told:
        ready = True
        told.notify()


def join():
    for thread in threads:
        thread.join()


ACTS = {
    "u": add,
    "l": locked,
    "x": both,
    "y": both_the_other_way,
    "s": lambda: time.sleep(0.001),
    "p": lambda: print("line"),
    "r": tell,
    "w": wait_once,
    "W": wait_in_a_loop,
    "c": lambda: items.put(1),
    "g": items.get,
    "j": join,
}


def work(letters):
    for letter in letters:
        ACTS[letter]()


own, *others = sys.argv[1:]
threads = [threading.Thread(target=work, args=(letters,), daemon=True) for letters in others]
for thread in threads:
    thread.start()
work(own)
adds = sum(letter in "ulxy" for letter in "".join(sys.argv[1:]))
print("good" if total == adds and not wrong else "bad", flush=True)
