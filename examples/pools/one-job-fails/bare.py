"""Two workers that nobody made safe cut four cakes, and one job fails.

The exception ends the worker's loop, and with it the thread. The other worker
does what is left; had that failed, too, nobody would.
"""

import queue
import threading
from typing import Optional

WORKERS = 2
GUESTS = [0, 1, 2, 3]


# 1. A worker's loop, in which nothing catches what a job raises
def work(who: int, jobs: queue.SimpleQueue[Optional[int]]) -> None:
    for guests in iter(jobs.get, None):
        slices = 12 // guests
        print(f"{guests} guests: {slices} slices each")
    print(f"worker {who} goes home")


def main() -> None:
    # 2. Four jobs, and an end mark for each worker
    jobs: queue.SimpleQueue[Optional[int]] = queue.SimpleQueue()
    for job in [*GUESTS, None, None]:
        jobs.put(job)
    workers = [
        threading.Thread(target=work, args=(who, jobs))
        for who in range(1, WORKERS + 1)
    ]
    for worker in workers:
        worker.start()

    # 3. Wait for both, however they end
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
