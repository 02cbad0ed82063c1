"""With a lock held from the reading to the appending, each writer sees what
the other has written."""

from threading import Lock, Thread


def append_next(numbers: list[int], lock: Lock) -> None:
    with lock:
        numbers.append(max(numbers) + 1)


def main() -> None:
    numbers = [1, 2, 3]
    lock = Lock()

    # 1. Two writers share the list and the lock
    first = Thread(target=append_next, args=(numbers, lock))
    second = Thread(target=append_next, args=(numbers, lock))
    first.start()
    second.start()

    # 2. Wait for both
    first.join()
    second.join()

    # 3. Always 4 and 5
    print(f"numbers: {numbers}")


if __name__ == "__main__":
    main()
