"""Numbers run through three stages: a source, two workers, a sink.

The work fans out to whoever is free and fans in again; nothing is lost or
done twice, and an end mark follows the last number through every stage.
"""

import queue
import threading
from typing import Optional

WORKERS = 2
END = None
Work = queue.Queue[Optional[int]]
Done = queue.Queue[Optional[tuple[int, int, int]]]


# 1. The source sends the numbers, then an end mark for each worker
def source(work: Work) -> None:
    for number in range(1, 6):
        print(f"source sends {number}")
        work.put(number)
    for _ in range(WORKERS):
        work.put(END)


# 2. All workers take from one queue and put into one queue
def worker(who: int, work: Work, done: Done) -> None:
    for number in iter(work.get, END):
        print(f"worker {who} squares {number}")
        done.put((who, number, number * number))
    done.put(END)


# 3. The sink goes on until every worker has sent its end mark
def sink(done: Done) -> int:
    total = 0
    for _ in range(WORKERS):
        for who, number, square in iter(done.get, END):
            print(f"sink gets {number} -> {square} from worker {who}")
            total += square
    return total


def main() -> None:
    # 4. Join the stages with queues; main itself is the sink
    work: Work = queue.Queue()
    done: Done = queue.Queue()
    threads = [threading.Thread(target=source, args=(work,))]
    for who in range(1, WORKERS + 1):
        threads.append(
            threading.Thread(target=worker, args=(who, work, done))
        )
    for thread in threads:
        thread.start()
    total = sink(done)
    for thread in threads:
        thread.join()
    print(f"sum of squares: {total}")


if __name__ == "__main__":
    main()
