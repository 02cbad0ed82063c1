"""A thread fails in the middle of a change, with the lock in its hand.

`with` gives the lock back, and says nothing of what was left half done.
"""

from threading import Lock, Thread

accounts = {"ann": 100, "bob": 0}
accounts_lock = Lock()


# 1. Take money here and put it there, under one lock
def transfer(giver: str, taker: str, amount: int) -> None:
    with accounts_lock:
        accounts[giver] -= amount
        accounts[taker] += amount


def main() -> None:
    # 2. A thread mistypes a name: the money is taken, and put nowhere
    clerk = Thread(target=transfer, args=("ann", "bbo", 30), name="clerk")
    clerk.start()
    clerk.join()

    # 3. Whoever comes next gets the lock as if all were well
    with accounts_lock:
        print("the lock is free")
        print(f"left: {sum(accounts.values())}")

        # 4. It is up to the program to find what is wrong, and to mend it
        accounts["ann"] = 100 - accounts["bob"]
        print(f"mended: {sum(accounts.values())}")


if __name__ == "__main__":
    main()
