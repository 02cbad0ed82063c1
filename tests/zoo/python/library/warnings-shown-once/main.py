import threading
import warnings

shown = []
lock = threading.Lock()


def old():
    warnings.warn("use new() instead", UserWarning, stacklevel=1)


def show(message, category, filename, lineno, file=None, line=None):
    with lock:
        shown.append(f"{category.__name__}: {message}")


warnings.showwarning = show
warnings.simplefilter("always")
threads = [threading.Thread(target=old) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("always:", len(shown), shown[0])
shown.clear()
warnings.simplefilter("default")
for _ in range(3):
    old()
print("default:", len(shown))
