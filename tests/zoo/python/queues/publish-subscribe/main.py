import queue
import threading


class Bus:
    def __init__(self):
        self.lock = threading.Lock()
        self.boxes = []

    def subscribe(self):
        box = queue.Queue()
        with self.lock:
            self.boxes.append(box)
        return box

    def publish(self, message):
        with self.lock:
            for box in self.boxes:
                box.put(message)


def listen(name, box):
    for message in iter(box.get, "bye"):
        print(f"{name} hears {message}")


bus = Bus()
listeners = [threading.Thread(target=listen, args=(n, bus.subscribe())) for n in ("ann", "ben")]
for listener in listeners:
    listener.start()
for message in ("m1", "m2", "m3", "bye"):
    bus.publish(message)
for listener in listeners:
    listener.join()
