import threading
import time


class Cache:
    def __init__(self, seconds, load):
        self.seconds, self.load = seconds, load
        self.lock = threading.Lock()
        self.kept = {}

    def get(self, key):
        with self.lock:
            value, until = self.kept.get(key, (None, 0.0))
            if time.monotonic() >= until:
                value = self.load(key)
                self.kept[key] = (value, time.monotonic() + self.seconds)
            return value


loads = []
cache = Cache(60.0, lambda key: loads.append(key) or f"{key}{len(loads)}")
threads = [threading.Thread(target=cache.get, args=("a",)) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"fresh: {cache.get('a')}")
cache.kept["a"] = ("old", time.monotonic() - 1)
print(f"again: {cache.get('a')}")
print(f"loads: {len(loads)}")
