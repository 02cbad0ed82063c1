import threading


class Latch:
    def __init__(self, count):
        self.count = count
        self.condition = threading.Condition()

    def count_down(self):
        with self.condition:
            self.count -= 1
            if self.count == 0:
                self.condition.notify_all()

    def wait(self):
        with self.condition:
            while self.count > 0:
                self.condition.wait()


latch = Latch(3)
done = []


def work(n):
    done.append(n)
    print(f"part {n} is done")
    latch.count_down()


for n in range(3):
    threading.Thread(target=work, args=(n,)).start()
latch.wait()
print(f"go on with {len(done)}")
