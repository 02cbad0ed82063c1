"""Two threads look into an empty queue, and find it so."""

import queue
import threading

shared = queue.SimpleQueue()


def look():
    try:
        shared.get_nowait()
    except queue.Empty:
        pass


threads = [threading.Thread(target=look) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
