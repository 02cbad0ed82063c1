import threading

barrier = threading.Barrier(3)
arrived = threading.Semaphore(0)


def wait(who):
    arrived.release()
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        print(f"{who} found it broken")


threads = [threading.Thread(target=wait, args=(who,)) for who in ("x", "y")]
for thread in threads:
    thread.start()
for _ in threads:
    arrived.acquire()
barrier.abort()
for thread in threads:
    thread.join()
print(f"broken: {barrier.broken}")
barrier.reset()
print(f"broken: {barrier.broken}")
