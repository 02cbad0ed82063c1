import os
import tempfile
import threading
import time

path = os.path.join(tempfile.mkdtemp(), "config")
stop, seen = threading.Event(), []


def watch():
    last = None
    while not stop.is_set():
        stamp = os.stat(path).st_mtime_ns
        if stamp != last:
            last = stamp
            with open(path) as file:
                seen.append(file.read())
        time.sleep(0.1)


with open(path, "w") as file:
    file.write("first")
watcher = threading.Thread(target=watch)
watcher.start()
while len(seen) < 1:
    time.sleep(0.1)
time.sleep(1)
with open(path + ".new", "w") as file:
    file.write("second")
os.replace(path + ".new", path)
while len(seen) < 2:
    time.sleep(0.1)
stop.set()
watcher.join()
print(*seen, sep="\n")
print(len(seen), "reloads")
