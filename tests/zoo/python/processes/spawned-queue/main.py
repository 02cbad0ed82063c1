import multiprocessing


def child(numbers, results):
    for n in numbers:
        results.put(n * n)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=child, args=([1, 2, 3], results))
    process.start()
    for _ in range(3):
        print(f"result: {results.get()}")
    process.join()
    print(f"exit code: {process.exitcode}, alive: {process.is_alive()}")
