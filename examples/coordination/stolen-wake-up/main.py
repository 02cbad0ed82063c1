"""A customer is called to the shelf, and another takes the loaf first.

Between the call and the moment when the one called has the lock again,
anybody may have it: who does not look again takes a loaf that is not there.
"""

import threading

CUSTOMERS = 3


class Shelf:
    def __init__(self) -> None:
        self.filled = threading.Condition()
        self.loaves = 0


# 1. If the shelf is empty, wait; then take a loaf
def buy(who: int, shelf: Shelf) -> None:
    with shelf.filled:
        if shelf.loaves == 0:
            shelf.filled.wait()
        shelf.loaves -= 1
        print(f"customer {who} takes one: {shelf.loaves} left")


# 2. Put a loaf there for each customer, and call one of those who wait
def bake(shelf: Shelf) -> None:
    for _ in range(CUSTOMERS):
        with shelf.filled:
            shelf.loaves += 1
            print(f"a loaf is baked: {shelf.loaves} there")
            shelf.filled.notify()


def main() -> None:
    # 3. As many loaves as customers
    shelf = Shelf()
    customers = [
        threading.Thread(target=buy, args=(who, shelf))
        for who in range(1, CUSTOMERS + 1)
    ]
    for customer in customers:
        customer.start()
    bake(shelf)
    for customer in customers:
        customer.join()
    print(f"in the end: {shelf.loaves}")


if __name__ == "__main__":
    main()
