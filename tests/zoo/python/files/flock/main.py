import fcntl
import os
import tempfile
import threading

path = os.path.join(tempfile.mkdtemp(), "lock")


def visit(who):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print(f"{who} enters")
        print(f"{who} leaves")
        fcntl.flock(file, fcntl.LOCK_UN)


threads = [threading.Thread(target=visit, args=(who,)) for who in ("ann", "ben", "eve")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
os.remove(path)
os.rmdir(os.path.dirname(path))
