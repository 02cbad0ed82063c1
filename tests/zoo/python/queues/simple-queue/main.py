import queue
import threading

raw, clean = queue.SimpleQueue(), queue.SimpleQueue()


def strip():
    while (line := raw.get()) is not None:
        clean.put(line.strip())
    clean.put(None)


def show():
    number = 0
    while (line := clean.get()) is not None:
        number += 1
        print(f"{number}: {line}")


threads = [threading.Thread(target=stage) for stage in (strip, show)]
for thread in threads:
    thread.start()
for line in ("  ham", "eggs  ", " spam "):
    raw.put(line)
raw.put(None)
for thread in threads:
    thread.join()
print("empty:", raw.empty() and clean.empty())
