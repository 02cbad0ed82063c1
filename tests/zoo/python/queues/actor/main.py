import queue
import threading


class Counter(threading.Thread):
    def __init__(self):
        super().__init__()
        self.inbox = queue.Queue()
        self.value = 0

    def run(self):
        while True:
            message, reply = self.inbox.get()
            if message == "add":
                self.value += 1
            elif message == "get":
                reply.put(self.value)
            else:
                return


counter = Counter()
counter.start()
clients = [
    threading.Thread(target=lambda: [counter.inbox.put(("add", None)) for _ in range(5)])
    for _ in range(3)
]
for client in clients:
    client.start()
for client in clients:
    client.join()
answer = queue.Queue()
counter.inbox.put(("get", answer))
print(f"value: {answer.get()}")
counter.inbox.put(("stop", None))
counter.join()
