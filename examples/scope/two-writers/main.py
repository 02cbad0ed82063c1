"""Two threads may change one list, and nothing stops them: both may read its
maximum before either appends."""

from threading import Thread


def append_next(numbers: list[int]) -> None:
    numbers.append(max(numbers) + 1)


def main() -> None:
    numbers = [1, 2, 3]

    # 1. Two writers share the list
    first = Thread(target=append_next, args=(numbers,))
    second = Thread(target=append_next, args=(numbers,))
    first.start()
    second.start()

    # 2. Wait for both
    first.join()
    second.join()

    # 3. Is it 4 and 5, or 4 twice?
    print(f"numbers: {numbers}")


if __name__ == "__main__":
    main()
