import os
import threading

reading, writing = os.pipe()
SIZE = 200_000
written = []


def write():
    data = memoryview(bytes(SIZE))
    while data:
        data = data[os.write(writing, data) :]
    written.append(SIZE)
    os.close(writing)


thread = threading.Thread(target=write)
thread.start()
total = 0
while chunk := os.read(reading, 50_000):
    total += len(chunk)
thread.join()
os.close(reading)
print(f"read {total}, written {written[0]}")
