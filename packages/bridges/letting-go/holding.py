"""The same, with a function that keeps the GIL while it waits. Both are there,
and the second one cannot call it: for that it needs the GIL."""

import threading

import meeting


def work(who: str, start: threading.Barrier) -> None:
    print(f"{who} comes")
    start.wait()
    meeting.wait_attached()
    print(f"{who} goes on")


def main() -> None:
    # 1. Two threads, and each of them needs the other
    start = threading.Barrier(2, lambda: print("both are there"))
    workers = [
        threading.Thread(target=work, args=(who, start))
        for who in ("ann", "bob")
    ]
    for worker in workers:
        worker.start()

    # 2. Nobody comes this far
    for worker in workers:
        worker.join()
    print("both have met")


if __name__ == "__main__":
    main()
