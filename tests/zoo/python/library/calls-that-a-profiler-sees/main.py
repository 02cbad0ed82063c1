import sys
import threading

calls = []


def hook(frame, event, argument):
    if event == "call" and frame.f_code.co_name in ("outer", "inner"):
        calls.append(frame.f_code.co_name)


def outer():
    return inner()


def inner():
    return 1


threading.setprofile(hook)
sys.setprofile(hook)
thread = threading.Thread(target=outer)
thread.start()
thread.join()
outer()
sys.setprofile(None)
print("calls:", *calls)
