"""The name of a semaphore that a spawned child would find it by."""

import multiprocessing

if __name__ == "__main__":
    lock = multiprocessing.get_context("spawn").Lock()
    print(vars(lock)["_semlock"].name)
