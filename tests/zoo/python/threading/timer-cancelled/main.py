import threading

called = threading.Event()
timer = threading.Timer(30.0, called.set)
timer.name = "late"
timer.start()
print(f"alive: {timer.is_alive()}")
timer.cancel()
timer.join()
print(f"alive: {timer.is_alive()}")
print(f"called: {called.is_set()}")
