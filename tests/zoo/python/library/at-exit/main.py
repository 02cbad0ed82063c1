import atexit
import threading

gate = threading.Event()
atexit.register(print, "third")
atexit.register(print, "second")


@atexit.register
def first():
    print("first")


def work():
    gate.wait()
    print("worker ends")


threading.Thread(target=work).start()
print("main ends")
gate.set()
