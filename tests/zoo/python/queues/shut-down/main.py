import queue
import threading

jobs = queue.Queue()


def work(who):
    try:
        while True:
            print(f"{who} did {jobs.get()}")
    except queue.ShutDown:
        print(f"{who} goes home")


workers = [threading.Thread(target=work, args=(who,)) for who in ("w1", "w2")]
for worker in workers:
    worker.start()
for job in ("a", "b", "c"):
    jobs.put(job)
jobs.shutdown()
for worker in workers:
    worker.join()
try:
    jobs.put("d")
except queue.ShutDown:
    print("closed")
