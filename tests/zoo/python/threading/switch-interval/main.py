import sys
import threading

sys.setswitchinterval(1e-5)
lock = threading.Lock()
count = 0


def add():
    global count
    for _ in range(20):
        with lock:
            count += 1


threads = [threading.Thread(target=add) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"interval: {sys.getswitchinterval():.5f}")
print(f"count: {count}")
