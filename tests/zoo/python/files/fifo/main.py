import os
import tempfile
import threading

directory = tempfile.mkdtemp()
path = os.path.join(directory, "fifo")
os.mkfifo(path)


def write():
    with open(path, "w") as fifo:
        for n in range(3):
            fifo.write(f"line {n}\n")


writer = threading.Thread(target=write)
writer.start()
with open(path) as fifo:
    for line in fifo:
        print(f"read {line.strip()}")
writer.join()
os.remove(path)
os.rmdir(directory)
