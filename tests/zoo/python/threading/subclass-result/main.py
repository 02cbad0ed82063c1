import threading


class Summer(threading.Thread):
    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers
        self.result = None

    def run(self):
        self.result = sum(self.numbers)


parts = [range(0, 10), range(10, 20), range(20, 30)]
summers = [Summer(part) for part in parts]
for summer in summers:
    summer.start()
for summer in summers:
    summer.join()
for index, summer in enumerate(summers):
    print(f"part {index}: {summer.result}")
print(f"total: {sum(summer.result for summer in summers)}")
