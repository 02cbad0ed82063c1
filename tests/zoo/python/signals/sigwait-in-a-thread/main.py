import os
import signal
import threading

wanted = {signal.SIGUSR1, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, wanted)


def watch():
    while (number := signal.sigwait(wanted)) != signal.SIGTERM:
        print(f"watched {signal.Signals(number).name}")
        seen.set()
    print("asked to stop")


seen = threading.Event()
watcher = threading.Thread(target=watch)
watcher.start()
os.kill(os.getpid(), signal.SIGUSR1)
seen.wait()
signal.pthread_kill(watcher.ident, signal.SIGTERM)
watcher.join()
print("stopped")
