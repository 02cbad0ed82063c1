import threading
from collections import defaultdict


class Bus:
    def __init__(self):
        self.lock = threading.RLock()
        self.handlers = defaultdict(list)

    def on(self, topic, handler):
        with self.lock:
            self.handlers[topic].append(handler)

    def emit(self, topic, value):
        with self.lock:
            for handler in list(self.handlers[topic]):
                handler(value)


bus, counts = Bus(), defaultdict(int)


def count(value):
    counts[value] += 1
    if value == "first":
        bus.emit("word", "second")


bus.on("word", count)
bus.on("word", lambda value: counts.__setitem__("all", counts["all"] + 1))
threads = [threading.Thread(target=bus.emit, args=("word", "first")) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("first:", counts["first"], "second:", counts["second"], "all:", counts["all"])
