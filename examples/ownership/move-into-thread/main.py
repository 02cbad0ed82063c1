"""Hands a list to a thread as an argument."""

from threading import Thread


def show(numbers: list[int]) -> None:
    for n in numbers:
        print(n)


def main() -> None:
    # 1. Make the list
    numbers = [1, 2, 3]

    # 2. Hand it over; main and the thread now share one and the same list
    thread = Thread(target=show, args=(numbers,))
    thread.start()

    # 3. Wait
    thread.join()


if __name__ == "__main__":
    main()
