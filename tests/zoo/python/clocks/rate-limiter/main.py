import threading
import time


class Bucket:
    def __init__(self, rate, room):
        self.rate, self.room = rate, room
        self.tokens, self.when = room, time.monotonic()
        self.lock = threading.Lock()

    def take(self):
        while True:
            with self.lock:
                now = time.monotonic()
                self.tokens = min(self.room, self.tokens + (now - self.when) * self.rate)
                self.when = now
                if self.tokens >= 1:
                    self.tokens -= 1
                    return now
                pause = (1 - self.tokens) / self.rate
            time.sleep(pause)


bucket, times, lock = Bucket(rate=20, room=2), [], threading.Lock()
start = bucket.when


def call():
    when = bucket.take()
    with lock:
        times.append(when - start)


threads = [threading.Thread(target=call) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
times.sort()
print(f"calls: {len(times)}")
print(f"not too many: {all(t >= (n - 1.1) / 20 for n, t in enumerate(times))}")
