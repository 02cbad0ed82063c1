"""The flag is raised before the data are there that it stands for."""

import sys
import threading

fixed = "fixed" in sys.argv
published = threading.Event()
data = []


def publish():
    if fixed:
        data.append(42)
    published.set()
    if not fixed:
        data.append(42)


writer = threading.Thread(target=publish)
writer.start()
published.wait()
print("good" if data else "bad")
writer.join()
