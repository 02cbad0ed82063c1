"""A daemon prints two lines, if main has not ended before: that waits for the stream at its end."""

import threading


def work():
    print("first")
    print("second")


threading.Thread(target=work, daemon=True).start()
print("main")
