import os
import threading
import uuid

r, w = os.pipe()


def draw():
    os.write(w, uuid.uuid4().bytes)


threads = [threading.Thread(target=draw) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for _ in range(3):
    if (child := os.fork()) == 0:
        draw()
        os._exit(0)
    os.waitpid(child, 0)
os.close(w)
drawn = []
while number := os.read(r, 16):
    drawn.append(number)
print(f"drawn: {len(drawn)}, different: {len(set(drawn))}")
