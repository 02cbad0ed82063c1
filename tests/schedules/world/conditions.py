"""A wait in a loop, which nothing can harm, or a wait without one."""

import sys
import threading

told = threading.Condition()
items = []


def put():
    for item in range(3):
        with told:
            items.append(item)
            told.notify()


def take_in_a_loop():
    taken = 0
    while taken < 3:
        with told:
            while not items:
                told.wait()
            items.pop()
            taken += 1
    print("taken", taken)


def take_once():
    with told:
        if not items:
            told.wait()
        print("items" if items else "none")


thread = threading.Thread(target=put)
thread.start()
{"loop": take_in_a_loop, "once": take_once}[sys.argv[1]]()
thread.join()
