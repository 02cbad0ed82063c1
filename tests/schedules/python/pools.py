"""ThreadPoolExecutor: submit, map, as_completed, a worker's exception, shutdown."""

from concurrent.futures import ThreadPoolExecutor, as_completed


def square(number):
    if number == 4:
        raise ValueError("four")
    return number * number


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(square, range(4))))
    print(
        sorted(
            future.result() for future in as_completed([pool.submit(square, n) for n in range(4)])
        )
    )
    failed = pool.submit(square, 4)
    print(repr(failed.exception()))
pool.shutdown()
try:
    pool.submit(square, 1)
except RuntimeError as refusal:
    print(refusal)
