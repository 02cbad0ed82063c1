"""Two fitters wait until three parts are there.

A condition variable wakes them at each delivery, and each time they look for
themselves whether that is enough.
"""

import threading

NEEDED = 3


class Store:
    def __init__(self) -> None:
        self.delivery = threading.Condition()
        self.parts = 0


# 1. Wait as long as there are too few; the lock is held again afterwards
def fit(who: int, store: Store) -> None:
    print(f"fitter {who} comes")
    with store.delivery:
        store.delivery.wait_for(lambda: store.parts >= NEEDED)
        print(f"fitter {who} starts with {store.parts} parts")


# 2. Change what is waited for under the lock, and wake all who wait
def deliver(store: Store) -> None:
    for _ in range(NEEDED):
        with store.delivery:
            store.parts += 1
            print(f"part {store.parts} delivered")
            store.delivery.notify_all()


def main() -> None:
    # 3. It does not matter who comes first: a fitter who comes late finds
    #    the parts there, and does not wait at all
    store = Store()
    fitters = [
        threading.Thread(target=fit, args=(who, store)) for who in (1, 2)
    ]
    for fitter in fitters:
        fitter.start()
    deliver(store)
    for fitter in fitters:
        fitter.join()


if __name__ == "__main__":
    main()
