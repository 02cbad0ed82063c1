import mmap
import os

shared = mmap.mmap(-1, 16)
shared[:5] = b"start"
pid = os.fork()
if pid == 0:
    shared[:5] = shared[:5].upper()
    shared[5:6] = b"!"
    os._exit(0)
os.waitpid(pid, 0)
print(f"shared: {shared[:6].decode()}")
shared.seek(0)
print(f"read: {shared.read(3).decode()}")
shared.close()
print(f"closed: {shared.closed}")
