"""A waiter rings for each of three orders, and the cook may wake but once.

Ringing a bell that has rung already adds nothing: a wake-up says that there
is something to do, not how much.
"""

import threading
from collections import deque

ORDERS = 3

bell = threading.Event()
orders: deque[int] = deque()


# 1. Sleep until the bell rings; then take all that is there
def cook() -> None:
    cooked = 0
    while cooked < ORDERS:
        bell.wait()
        bell.clear()  # first: what is ordered from now on rings again
        found = [orders.popleft() for _ in range(len(orders))]
        print(f"cook finds {len(found)}")
        cooked += len(found)


def main() -> None:
    kitchen = threading.Thread(target=cook)
    kitchen.start()

    # 2. Hand in an order, then ring
    for order in range(1, ORDERS + 1):
        print(f"order {order}")
        orders.append(order)
        bell.set()
    kitchen.join()
    print("all is cooked")


if __name__ == "__main__":
    main()
