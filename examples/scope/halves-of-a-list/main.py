"""Two threads work on one list, each on its own half.

A thread is told where its half begins and ends, and keeps to that.
"""

from threading import Thread


# 1. Double what lies between two places
def double(numbers: list[int], start: int, end: int) -> None:
    for i in range(start, end):
        numbers[i] *= 2
    print(f"a half is {numbers[start:end]}")


def main() -> None:
    numbers = [1, 2, 3, 4, 5, 6]

    # 2. Divide the list: one part up to the middle, one from there on
    middle = len(numbers) // 2
    halves = [(0, middle), (middle, len(numbers))]

    # 3. Each thread works on its part, at the same time
    threads = [
        Thread(target=double, args=(numbers, *half)) for half in halves
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # 4. Both parts have changed
    print(f"all are {numbers}")


if __name__ == "__main__":
    main()
