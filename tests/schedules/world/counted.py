"""What the kernel counts is the program's own, where it has no other thread."""

import os
import threading

r, w = os.pipe()
print(r, w)
for _ in range(2):
    thread = threading.Thread(target=os.write, args=(w, b"."))
    thread.start()
    thread.join()
child = os.fork()  # from 3.12 on it counts threads, and warns
if child == 0:
    os._exit(0)
print(os.waitpid(child, 0)[1], len(os.listdir("/proc/self/task")))
