from concurrent.futures import ThreadPoolExecutor


def square(n):
    print(f"squaring {n}")
    return n * n


with ThreadPoolExecutor(max_workers=3, thread_name_prefix="pool") as pool:
    for n, result in enumerate(pool.map(square, range(5))):
        print(f"square of {n} is {result}")
