"""Lives of threads: joins, liveness, a subclass, locals, misuse, a bare thread, fifty of them."""

import _thread
import threading
import time

slow = threading.Thread(target=time.sleep, args=(5,), name="slow")
print(slow.is_alive())
slow.start()
slow.join(1)
print(slow.is_alive(), [thread.name for thread in threading.enumerate()])
slow.join()
print(slow.is_alive(), threading.active_count())
for misuse in (slow.start, threading.Thread().join, threading.current_thread().join):
    try:
        misuse()
    except RuntimeError as fault:
        print(fault)


class Greeter(threading.Thread):
    def run(self):
        self.said = "hello from " + self.name


greeter = Greeter(name="greeter")
greeter.start()
greeter.join()
print(greeter.said)

own = threading.local()
own.value = "main"
seen = []
reader = threading.Thread(target=lambda: seen.append(hasattr(own, "value")))
reader.start()
reader.join()
print(seen, own.value)

done = threading.Lock()
done.acquire()
_thread.start_new_thread(lambda word: (print(word), done.release()), ("bare",))
done.acquire()

total = 0
guard = threading.Lock()


def add():
    global total
    with guard:
        total += 1


many = [threading.Thread(target=add) for _ in range(50)]
for thread in many:
    thread.start()
for thread in many:
    thread.join()
print(total)
