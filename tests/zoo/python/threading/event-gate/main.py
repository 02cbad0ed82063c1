import threading

gate = threading.Event()
ready = threading.Semaphore(0)


def runner(who):
    print(f"{who} is ready")
    ready.release()
    gate.wait()
    print(f"{who} runs")


threads = [threading.Thread(target=runner, args=(who,)) for who in ("ann", "ben", "eve")]
for thread in threads:
    thread.start()
for _ in threads:
    ready.acquire()
print("go")
gate.set()
for thread in threads:
    thread.join()
