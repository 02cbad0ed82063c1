import gc
import threading
import weakref


class Resource:
    def __init__(self, name):
        self.name = name
        self.me = self
        weakref.finalize(self, print, f"{name} closed")


def use():
    resource = Resource("first")
    print(f"{resource.name} used")


thread = threading.Thread(target=use)
thread.start()
thread.join()
gc.collect()
kept = Resource("second")
shadow = weakref.ref(kept)
print(f"alive: {shadow() is kept}")
del kept
gc.collect()
print(f"gone: {shadow() is None}")
last = Resource("third")
print("end of main")
