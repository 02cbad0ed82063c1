"""Two threads add to a counter, by a call between read and write or plainly: `lost` or `kept`."""

import sys
import threading

counter = 0


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


add = add_by_call if sys.argv[1] == "call" else add_plainly
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("kept" if counter == 6 else "lost")
