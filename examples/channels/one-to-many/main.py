"""Two workers take their jobs from one queue, and each job goes to one.

`get` takes a job out in one step, and nobody waits while another works.
"""

import queue
import threading
from typing import Optional

WORKERS = 2
JOBS = 4

Jobs = queue.Queue[Optional[int]]


# 1. Take the next job, if there is one, and do it
def work(who: int, jobs: Jobs) -> None:
    while (job := jobs.get()) is not None:
        print(f"worker {who} begins job {job}")
        print(f"worker {who} ends job {job}")


def main() -> None:
    jobs: Jobs = queue.Queue()
    workers = [
        threading.Thread(target=work, args=(who, jobs))
        for who in range(1, WORKERS + 1)
    ]
    for worker in workers:
        worker.start()

    # 2. Put all jobs into the queue, then an end mark for each worker
    for job in range(1, JOBS + 1):
        jobs.put(job)
    for _ in workers:
        jobs.put(None)

    # 3. Wait for the workers
    for worker in workers:
        worker.join()
    print("all jobs are done")


if __name__ == "__main__":
    main()
