import os
import queue
import signal
import threading

stopping = threading.Event()
jobs = queue.Queue()
signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())


def work(who):
    while (job := jobs.get()) is not None:
        print(f"{who} finished {job}")


workers = [threading.Thread(target=work, args=(who,)) for who in ("w1", "w2")]
for worker in workers:
    worker.start()
number = 0
while not stopping.is_set():
    number += 1
    jobs.put(number)
    if number == 4:
        os.kill(os.getpid(), signal.SIGTERM)
        stopping.wait()
for _ in workers:
    jobs.put(None)
for worker in workers:
    worker.join()
print(f"accepted {number}, left {jobs.qsize()}")
