"""Main and two workers meet at a barrier that is made for two."""

import sys
import threading

barrier = threading.Barrier(3 if "fixed" in sys.argv else 2)
done = []


def work():
    done.append(1)
    barrier.wait()


for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
barrier.wait()
print("good" if len(done) == 2 else "bad")
