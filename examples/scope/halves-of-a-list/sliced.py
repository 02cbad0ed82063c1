"""Two threads are given a slice each, and nothing comes of it.

A slice of a list is a new list: each thread changes a copy.
"""

from threading import Thread


# 1. Double what lies in a list
def double(numbers: list[int]) -> None:
    for i in range(len(numbers)):
        numbers[i] *= 2
    print(f"a half is {numbers}")


def main() -> None:
    numbers = [1, 2, 3, 4, 5, 6]

    # 2. Divide the list: one part up to the middle, one from there on
    middle = len(numbers) // 2
    halves = [numbers[:middle], numbers[middle:]]

    # 3. Each thread works on its part, at the same time
    threads = [Thread(target=double, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # 4. Nothing has changed
    print(f"all are {numbers}")


if __name__ == "__main__":
    main()
