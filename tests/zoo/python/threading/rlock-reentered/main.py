import threading


class Account:
    def __init__(self):
        self.lock = threading.RLock()
        self.balance = 0

    def add(self, amount):
        with self.lock:
            before = self.balance
            self.balance = before + amount

    def add_all(self, amounts):
        with self.lock:
            for amount in amounts:
                self.add(amount)


account = Account()
threads = [threading.Thread(target=account.add_all, args=([1, 2, 3],)) for _ in range(3)]
threads += [threading.Thread(target=account.add, args=(100,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"balance: {account.balance}")
try:
    account.lock.release()
except RuntimeError as error:
    print(f"refused: {error}")
