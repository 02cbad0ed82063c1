"""A method that holds the account's lock calls another that takes it.

An RLock knows which thread has it, and lets that one in again. It is free
when it has been given back as often as it was taken.
"""

import threading


class Account:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.balance = 0

    # 1. Pay in, under the lock
    def deposit(self, amount: int) -> None:
        with self.lock:
            self.balance += amount
            print(f"balance: {self.balance}")

    # 2. Look what is missing and pay it in, under the same lock, so that
    #    nobody else pays in between the two
    def top_up(self, goal: int) -> None:
        with self.lock:
            print(f"from {self.balance} to {goal}")
            self.deposit(goal - self.balance)


def main() -> None:
    account = Account()

    # 3. The first takes the lock once
    account.deposit(10)

    # 4. The second takes it twice, and gives it back twice
    account.top_up(50)


if __name__ == "__main__":
    main()
