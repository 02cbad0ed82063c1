import io
import threading
import traceback

out = io.StringIO()


def inner():
    raise LookupError("nothing there")


def outer():
    try:
        inner()
    except LookupError:
        traceback.print_exc(file=out)


thread = threading.Thread(target=outer)
thread.start()
thread.join()
lines = out.getvalue().splitlines()
print("first:", lines[0])
print("functions:", *[line.rsplit(" ", 1)[1] for line in lines if line.startswith("  File")])
print("last:", lines[-1])
stack = traceback.extract_stack()
print("stack:", len(stack), stack[-1].name)
