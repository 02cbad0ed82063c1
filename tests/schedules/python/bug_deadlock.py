"""As many threads as the argument says, each takes its lock and then its neighbour's."""

import sys
import threading

count = int(sys.argv[1])
locks = [threading.Lock() for _ in range(count)]


def dine(place):
    with locks[place]:
        with locks[(place + 1) % count]:
            pass


threads = [threading.Thread(target=dine, args=(place,)) for place in range(count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
