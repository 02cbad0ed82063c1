"""Two workers share a row of jobs without a lock of their own: the owner
takes from one end, and a thief, who has none, from the other."""

import threading
from collections import deque


# 1. The owner takes the newest job
def own(jobs: deque[int]) -> None:
    while True:
        try:
            job = jobs.pop()
        except IndexError:
            return
        print(f"owner does {job}")


# 2. The thief takes the oldest one
def steal(jobs: deque[int]) -> None:
    while True:
        try:
            job = jobs.popleft()
        except IndexError:
            return
        print(f"thief does {job}")


def main() -> None:
    # 3. Both work until nothing is left
    jobs = deque(range(1, 7))
    workers = [
        threading.Thread(target=own, args=(jobs,)),
        threading.Thread(target=steal, args=(jobs,)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"jobs left: {len(jobs)}")


if __name__ == "__main__":
    main()
