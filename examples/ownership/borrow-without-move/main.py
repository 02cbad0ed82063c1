"""A thread uses main's list without owning it, and sees main change it."""

from threading import Event, Thread


def main() -> None:
    # 1. A local list
    numbers = [1, 2, 3]
    changed = Event()

    # 2. A thread that only borrows it: both name the same list
    def show() -> None:
        changed.wait()
        for n in numbers:
            print(n)

    thread = Thread(target=show)
    thread.start()

    # 3. Change the list while the thread runs, and wait
    numbers.append(4)
    changed.set()
    thread.join()


if __name__ == "__main__":
    main()
