import os

children = {}
for n in range(3):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, str(n * n).encode())
        os._exit(n)
    os.close(writing)
    children[pid] = (n, reading)
codes = {}
for _ in range(3):
    pid, status = os.wait()
    codes[children[pid][0]] = os.waitstatus_to_exitcode(status)
for n, reading in children.values():
    print(f"child {n}: code {codes[n]}, wrote {os.read(reading, 10).decode()}")
    os.close(reading)
