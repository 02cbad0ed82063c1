"""A way out of two blocks that belongs to no line: the compiler has added it."""

import threading

outer, inner = threading.Lock(), threading.Lock()


def work(seat):
    with outer:
        with inner:
            seat < 1 and print("first")


threads = [threading.Thread(target=work, args=(seat,)) for seat in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("end")
