"""Children of each start method, pools, managers, shared locks; fork, spawn and system."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def square(number):
    return number * number


def main(method):
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        print(pool.map(square, range(4)))
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(square, range(4))), executor.submit(time.sleep, 0.01).result())
    results = context.Queue()
    process = context.Process(target=results.put, args=(3,))
    process.start()
    print(results.get())
    process.join()
    lock, event, semaphore = context.Lock(), context.Event(), context.BoundedSemaphore(2)
    thread = threading.Thread(target=event.set)
    with lock:
        thread.start()
        event.wait()
        print(semaphore.acquire(timeout=1), semaphore.acquire(), semaphore.acquire(timeout=2))
    thread.join()
    if method == "fork":
        others()


def others():
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os._exit(3)
    print(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
    os.posix_spawn("/bin/sh", ["sh", "-c", "exit 4"], os.environ)
    print(os.WEXITSTATUS(os.wait()[1]), os.system("exit 2") >> 8)
    command = [sys.executable, "-c", "print(input().upper())"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    reader = threading.Thread(target=lambda: print("child", child.stdout.read().strip()))
    reader.start()
    child.stdin.write("hello\n")
    child.stdin.close()
    reader.join()
    print(child.wait())


if __name__ == "__main__":
    main(sys.argv[1])
