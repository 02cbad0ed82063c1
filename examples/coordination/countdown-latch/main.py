"""The shop opens when three helpers have done their part.

A latch counts down to zero and stays there. Unlike at a barrier, those who
count it down do not wait: they go on with other work.
"""

import threading

HELPERS = 3


class Latch:
    def __init__(self, count: int) -> None:
        self.count = count
        self.zero = threading.Condition()

    def count_down(self) -> None:
        with self.zero:
            self.count -= 1
            if self.count == 0:
                self.zero.notify_all()

    def wait(self) -> None:
        with self.zero:
            self.zero.wait_for(lambda: self.count == 0)


# 1. Do your part, say so, and go on without waiting for the others
def help_out(who: int, ready: Latch) -> None:
    print(f"helper {who} is ready")
    ready.count_down()
    print(f"helper {who} goes on")


def main() -> None:
    ready = Latch(HELPERS)
    helpers = [
        threading.Thread(target=help_out, args=(who, ready))
        for who in range(1, HELPERS + 1)
    ]
    for helper in helpers:
        helper.start()

    # 2. Wait until all have said so; who comes later need not wait
    ready.wait()
    print("the shop opens")
    for helper in helpers:
        helper.join()
    print("the shop closes")


if __name__ == "__main__":
    main()
