"""C code goes through a list, and calls Python for each element; another thread empties it."""

import threading

shared = [1, 2, 3]


def same(value):
    return value


def slowly(value):
    same(value)
    return same(value)


def go_through():
    print(list(map(slowly, shared)))


threads = [threading.Thread(target=function) for function in (go_through, shared.clear)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
