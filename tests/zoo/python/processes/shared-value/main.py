import multiprocessing


def add(total, times):
    for _ in range(times):
        with total.get_lock():
            total.value += 1


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    total = context.Value("i", 0)
    children = [context.Process(target=add, args=(total, 50)) for _ in range(2)]
    for process in children:
        process.start()
    for process in children:
        process.join()
    print(f"total: {total.value}")
