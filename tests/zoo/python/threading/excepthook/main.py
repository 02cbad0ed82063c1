import threading


def hook(args):
    print(f"{args.thread.name}: {args.exc_type.__name__}: {args.exc_value}")


def fail(what):
    raise ValueError(what)


threading.excepthook = hook
first = threading.Thread(target=fail, args=("bad number",), name="first")
second = threading.Thread(target=fail, args=("bad word",), name="second")
for thread in (first, second):
    thread.start()
for thread in (first, second):
    thread.join()
print(f"alive: {first.is_alive() or second.is_alive()}")
