import threading
import time

stop = threading.Event()
beats = []


def beat():
    while not stop.wait(0.02):
        beats.append(time.monotonic())


heart = threading.Thread(target=beat)
heart.start()
while len(beats) < 3:
    time.sleep(0.01)
stop.set()
heart.join()
count = len(beats)
time.sleep(0.1)
print(f"some beats: {count >= 3}")
print(f"none afterwards: {len(beats) == count}")
