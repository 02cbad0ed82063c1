import queue
import threading

jobs = queue.Queue()
STOP = object()


def consume(who):
    while (item := jobs.get()) is not STOP:
        print(f"{who} got {item}")
    jobs.put(STOP)


workers = [threading.Thread(target=consume, args=(who,)) for who in ("w1", "w2")]
for worker in workers:
    worker.start()
for item in range(5):
    jobs.put(item)
jobs.put(STOP)
for worker in workers:
    worker.join()
print(f"left: {jobs.qsize()}")
