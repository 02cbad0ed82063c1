"""Two threads draw numbers, and no number is drawn twice.

To draw is to read the next number and to raise it. A lock makes that one.
"""

from threading import Lock, Thread


class Numbers:
    def __init__(self) -> None:
        self.lock = Lock()
        self.next = 1

    # 1. Read and raise, with nobody in between
    def draw(self) -> int:
        with self.lock:
            number = self.next
            self.next += 1
            return number


def queue_up(who: str, numbers: Numbers) -> None:
    for _ in range(3):
        print(f"{who} draws {numbers.draw()}")


def main() -> None:
    # 2. Two threads draw three numbers each
    numbers = Numbers()
    ann = Thread(target=queue_up, args=("ann", numbers))
    bob = Thread(target=queue_up, args=("bob", numbers))
    ann.start()
    bob.start()
    ann.join()
    bob.join()

    # 3. Six are gone
    print(f"the next is {numbers.draw()}")


if __name__ == "__main__":
    main()
