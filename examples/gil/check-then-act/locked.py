"""A lock held from the check to the act makes the two one: nobody can come
between them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Lock


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.lock = Lock()

    def withdraw(self, who: str, amount: int) -> int:
        # 2. Check and act under one lock
        with self.lock:
            if self.balance < amount:
                print(f"{who} may not take {amount}")
                return 0
            print(f"{who} may take {amount}")
            self.balance -= amount
            return amount


def main() -> None:
    # 1. Two threads share an account
    account = Account(100)
    with ThreadPoolExecutor(max_workers=2) as pool:
        ann = pool.submit(account.withdraw, "ann", 80)
        bob = pool.submit(account.withdraw, "bob", 80)

    # 3. What is left, and what was paid out?
    taken = ann.result() + bob.result()
    print(f"balance: {account.balance}, taken: {taken}")


if __name__ == "__main__":
    main()
