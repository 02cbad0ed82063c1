"""The interpreter lock (GIL) protects the interpreter, not your data: another
thread may act between your check and your act."""

from concurrent.futures import ThreadPoolExecutor


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance

    def withdraw(self, who: str, amount: int) -> int:
        # 2. Check, then act
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
