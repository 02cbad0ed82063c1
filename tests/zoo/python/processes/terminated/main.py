import multiprocessing
import time


def idle(ready):
    ready.set()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    process = context.Process(target=idle, args=(ready,), daemon=True)
    process.start()
    ready.wait()
    print(f"alive: {process.is_alive()}")
    process.terminate()
    process.join()
    print(f"alive: {process.is_alive()}")
    print(f"exit code: {process.exitcode}")
