import multiprocessing


def child(n, gate, results):
    gate.wait()
    results.put(n)


if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    gate, results = context.Event(), context.Queue()
    children = [context.Process(target=child, args=(n, gate, results)) for n in (1, 2)]
    for process in children:
        process.start()
    print(f"early: {not results.empty()}")
    gate.set()
    print(f"sum: {results.get() + results.get()}")
    for process in children:
        process.join()
    print(f"codes: {[process.exitcode for process in children]}")
