"""A report takes a read lock, and so does a function that it calls.

Readers do not exclude each other. But once a writer waits, this lock lets no
more readers in, or it might wait for ever. Stop it with Ctrl-C, twice.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

grades = [1, 2]


# 1. A readers–writer lock that lets no reader pass a waiting writer
class ReadersWriterLock:
    def __init__(self) -> None:
        self.change = threading.Condition()
        self.readers = 0
        self.writers = 0

    @contextmanager
    def read(self) -> Iterator[None]:
        with self.change:
            self.change.wait_for(lambda: self.writers == 0)
            self.readers += 1
        try:
            yield
        finally:
            with self.change:
                self.readers -= 1
                self.change.notify_all()

    @contextmanager
    def write(self) -> Iterator[None]:
        with self.change:
            self.writers += 1
            try:
                self.change.wait_for(lambda: self.readers == 0)
                yield
            finally:
                self.writers -= 1
                self.change.notify_all()


lock = ReadersWriterLock()


# 2. The inner read lock is one too many
def count() -> int:
    with lock.read():
        return len(grades)


def report() -> None:
    with lock.read():
        print("report begins")
        print(f"report: {count()} grades, sum {sum(grades)}")


# 3. A writer that comes between the two waits for the outer one to go, and
#    the inner one waits for the writer
def add(grade: int) -> None:
    with lock.write():
        grades.append(grade)


def main() -> None:
    threads = [
        threading.Thread(target=report),
        threading.Thread(target=add, args=(3,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"in the end: {count()} grades")


if __name__ == "__main__":
    main()
