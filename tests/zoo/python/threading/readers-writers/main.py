import threading


class ReadWriteLock:
    def __init__(self):
        self.condition = threading.Condition()
        self.readers = 0

    def start_read(self):
        with self.condition:
            self.readers += 1

    def end_read(self):
        with self.condition:
            self.readers -= 1
            if self.readers == 0:
                self.condition.notify_all()


lock = ReadWriteLock()
pair = [0, 0]


def write(value):
    with lock.condition:
        while lock.readers > 0:
            lock.condition.wait()
        pair[0] = value
        pair[1] = value


def read(who):
    lock.start_read()
    left, right = pair[0], pair[1]
    print(f"reader {who}: whole {left == right}")
    lock.end_read()


threads = [threading.Thread(target=read, args=(n,)) for n in range(3)]
threads += [threading.Thread(target=write, args=(n,)) for n in (7, 8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
