"""A method that holds the account's lock calls another that takes it.

To a Lock it does not matter that the thread which wants it has it already:
the wait has no end. Stop it with Ctrl-C.
"""

import threading


class Account:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.balance = 0

    # 1. Pay in, under the lock
    def deposit(self, amount: int) -> None:
        if self.lock.locked():
            print("the lock is taken")
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

    # 3. The first lets go of the lock before it returns
    account.deposit(10)

    # 4. The second never returns
    account.top_up(50)


if __name__ == "__main__":
    main()
