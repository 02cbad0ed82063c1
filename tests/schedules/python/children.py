"""Child processes: they run uncontrolled, and the threads of the parent go on meanwhile."""

import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

before = threading.Lock()
before.acquire()


def square(number):
    return number * number


def child(items):
    before.release()
    with before:
        other = threading.Thread(target=items.put, args=(os.environ.get("PYTHONPATH", "clean"),))
        other.start()
        other.join()


def main():
    way = sys.argv[1]
    if way == "subprocess":
        script = (
            "import os, threading;"
            "print(threading.Lock.__module__, 'HARNESS_SCHEDULE' in os.environ)"
        )
        worker = threading.Thread(target=lambda: print("worker"))
        told = []
        caller = threading.Thread(
            target=lambda: told.append(
                subprocess.run(
                    [sys.executable, "-c", script], capture_output=True, timeout=20, text=True
                )
            )
        )
        worker.start()
        caller.start()
        worker.join()
        caller.join()
        print(told[0].stdout.split())
    elif way == "pool":
        context = multiprocessing.get_context(sys.argv[2])
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            print(list(pool.map(square, range(4))))
    elif way == "process":
        context = multiprocessing.get_context("fork")
        items = context.Queue()
        process = context.Process(target=child, args=(items,))
        process.start()
        print(items.get())
        process.join()
        print(process.exitcode)


if __name__ == "__main__":
    main()
