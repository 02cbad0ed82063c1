"""Main prints a few lines while a thread prints a few: `pair.py MAIN THREAD`."""

import sys
import threading


def spawned():
    for number in range(int(sys.argv[2])):
        print("T", number)


thread = threading.Thread(target=spawned)
thread.start()
for number in range(int(sys.argv[1])):
    print("M", number)
thread.join()
