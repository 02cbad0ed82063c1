import threading

never = threading.Event()
started = threading.Event()


def idle():
    started.set()
    never.wait()
    print("unreachable")


daemon = threading.Thread(target=idle, name="idler", daemon=True)
daemon.start()
started.wait()
names = sorted(thread.name for thread in threading.enumerate())
print("threads:", *names)
print("daemon:", daemon.daemon, "count:", threading.active_count())
