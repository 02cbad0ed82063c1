"""Main reads a result that it has not waited for: prints `early` or `in time`."""

import threading

results = []
threading.Thread(target=results.append, args=(1,)).start()
print("in time" if results else "early")
