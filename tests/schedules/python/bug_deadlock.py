"""As many threads as the argument says, each takes its lock and then its neighbour's."""

import sys
import threading

count = int(sys.argv[1])
fixed = "fixed" in sys.argv
locks = [threading.Lock() for _ in range(count)]


def dine(place):
    first, second = place, (place + 1) % count
    if fixed and second < first:
        first, second = second, first
    with locks[first]:
        with locks[second]:
            pass


threads = [threading.Thread(target=dine, args=(place,)) for place in range(count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("good")
