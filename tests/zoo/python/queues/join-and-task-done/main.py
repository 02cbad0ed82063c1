import queue
import threading

jobs = queue.Queue()
done = []


def work():
    while True:
        item = jobs.get()
        done.append(item)
        jobs.task_done()


threading.Thread(target=work, daemon=True).start()
threading.Thread(target=work, daemon=True).start()
for item in range(6):
    jobs.put(item)
jobs.join()
print("done:", len(done), "unfinished:", jobs.unfinished_tasks)
try:
    jobs.task_done()
except ValueError as error:
    print("refused:", error)
