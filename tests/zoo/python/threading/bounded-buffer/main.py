import threading
from collections import deque

lock = threading.Lock()
not_full = threading.Condition(lock)
not_empty = threading.Condition(lock)
buffer = deque()
most = 0
ROOM = 2


def put(item):
    global most
    with not_full:
        while len(buffer) >= ROOM:
            not_full.wait()
        buffer.append(item)
        most = max(most, len(buffer))
        not_empty.notify()


def take():
    with not_empty:
        while not buffer:
            not_empty.wait()
        item = buffer.popleft()
        not_full.notify()
        return item


producer = threading.Thread(target=lambda: [put(n) for n in range(6)])
producer.start()
for _ in range(6):
    print(f"took {take()}")
producer.join()
print(f"never more than {ROOM}: {most <= ROOM}")
