"""Three workers take jobs that sleep: one that was queued early is not done before a later one."""

import queue
import sys
import threading
import time

FOLLOWING = {"first": ["short", "long"], "long": ["last"]}
fixed = "fixed" in sys.argv
jobs, done, short_is_done = queue.Queue(), [], threading.Event()


def work():
    while True:
        job = jobs.get()
        if job is None:
            return
        if fixed and job == "last":
            short_is_done.wait()
        time.sleep(0.02)
        done.append(job)
        if job == "short":
            short_is_done.set()
        for following in FOLLOWING.get(job, ()):
            jobs.put(following)
        jobs.task_done()


workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
jobs.put("first")
jobs.join()
for _ in workers:
    jobs.put(None)
for worker in workers:
    worker.join()
print("good" if done.index("short") < done.index("last") else "bad")
