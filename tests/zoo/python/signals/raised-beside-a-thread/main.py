import signal
import threading

gate = threading.Event()
worker = threading.Thread(target=gate.wait)
worker.start()


class Stop(Exception):
    pass


def handler(number, frame):
    raise Stop(signal.Signals(number).name)


signal.signal(signal.SIGUSR1, handler)
for _ in range(2):
    try:
        signal.raise_signal(signal.SIGUSR1)
    except Stop as e:
        print("handled", e)
gate.set()
worker.join()
print("worker ended")
