"""Main reads a result that it has not waited for, after as much other work as the argument says."""

import sys
import threading

fixed = "fixed" in sys.argv
results = []


def work():
    pass


worker = threading.Thread(target=results.append, args=(1,))
worker.start()
for _ in range(int(sys.argv[1])):
    work()
if fixed:
    worker.join()
print("good" if results else "bad")
