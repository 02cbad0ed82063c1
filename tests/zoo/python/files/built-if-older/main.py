import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

place = tempfile.mkdtemp()
source, target = os.path.join(place, "in"), os.path.join(place, "out")


def build():
    if os.path.exists(target) and os.path.getmtime(target) >= os.path.getmtime(source):
        return "up to date"
    with open(source) as a, open(target, "w") as b:
        b.write(a.read().upper())
    return "built"


def write(text):
    with open(source, "w") as file:
        file.write(text)


with ThreadPoolExecutor(1) as pool:
    write("a")
    done = [pool.submit(build).result()]
    time.sleep(1)
    done.append(pool.submit(build).result())
    time.sleep(1)
    write("b")
    done.append(pool.submit(build).result())
for each in done:
    print(each)
