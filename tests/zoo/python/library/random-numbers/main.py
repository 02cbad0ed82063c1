import os
import random
import secrets
import tempfile
import threading
import uuid

drawn = []
lock = threading.Lock()


def draw():
    value = (random.randint(1, 6), secrets.token_hex(8), uuid.uuid4(), os.urandom(16))
    with lock:
        drawn.append(value)


threads = [threading.Thread(target=draw) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("dice:", all(1 <= dice <= 6 for dice, *_ in drawn))
print("different:", *(len({value[part] for value in drawn}) for part in (1, 2, 3)))
with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
    print("directories:", one != two and os.path.isdir(one))
print("shuffled:", sorted(random.sample(range(9), 9)) == list(range(9)))
