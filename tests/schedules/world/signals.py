"""Handlers run in the main thread; waits for signals let the others go on."""

import os
import signal
import threading
import time

heard = []


def hear(number, frame):
    heard.append(threading.current_thread() is threading.main_thread())


def after(seconds, function, *args):
    def run():
        time.sleep(seconds)
        function(*args)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


main = threading.main_thread().ident
signal.signal(signal.SIGUSR1, hear)
sender = after(1, signal.pthread_kill, main, signal.SIGUSR1)
signal.pause()
sender.join()
sender = after(1, os.kill, os.getpid(), signal.SIGUSR1)
print("event", threading.Event().wait(3))
sender.join()
print(heard)
os.kill(os.getpid(), signal.SIGUSR1)
print(len(heard))
sender = after(1, os.kill, os.getpid(), signal.SIGINT)
try:
    time.sleep(5)
except KeyboardInterrupt:
    print("interrupted")
sender.join()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
print(signal.sigtimedwait([signal.SIGUSR2], 2))
sender = after(1, os.kill, os.getpid(), signal.SIGUSR2)
print(signal.sigwait([signal.SIGUSR2]) == signal.SIGUSR2)
sender.join()
sender = after(1, os.kill, os.getpid(), signal.SIGUSR2)
print(signal.sigwaitinfo([signal.SIGUSR2]).si_signo == signal.SIGUSR2)
sender.join()
alone = threading.Thread(target=lambda: heard.append(signal.sigwait([signal.SIGUSR2])))
alone.start()
time.sleep(1)
signal.pthread_kill(alone.ident, signal.SIGUSR2)
alone.join()
print(heard.pop() == signal.SIGUSR2)
