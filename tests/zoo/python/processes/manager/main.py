import multiprocessing


def store(shared, lock, key):
    with lock:
        shared[key] = len(shared)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        shared, lock = manager.dict(), manager.Lock()
        children = [context.Process(target=store, args=(shared, lock, key)) for key in "abc"]
        for process in children:
            process.start()
        for process in children:
            process.join()
        print("keys:", "".join(sorted(shared.keys())))
        print("values:", *sorted(shared.values()))
