import threading
import time

ready, value = False, 0


def spinner():
    while not ready:
        pass
    print(f"spinner sees {value}")


def yielder():
    while not ready:
        time.sleep(0)
    print(f"yielder sees {value}")


def setter():
    global ready, value
    value = 42
    print(end="", flush=True)
    ready = True


threads = [threading.Thread(target=each) for each in (spinner, yielder, setter)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
