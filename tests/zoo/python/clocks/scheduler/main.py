import sched
import time

scheduler = sched.scheduler(time.monotonic, time.sleep)
start = time.monotonic()
late = scheduler.enterabs(start + 0.5, 1, print, ("never",))
scheduler.enterabs(start + 0.1, 2, print, ("second",))
scheduler.enterabs(start + 0.1, 1, print, ("first",))
scheduler.enterabs(start + 0.2, 1, scheduler.cancel, (late,))
scheduler.enter(0.3, 1, lambda: print("last"))
scheduler.run()
print(f"took: {0.28 <= time.monotonic() - start}")
print(f"empty: {scheduler.empty()}")
