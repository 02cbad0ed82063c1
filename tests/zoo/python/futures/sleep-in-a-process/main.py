import time
from concurrent.futures import ProcessPoolExecutor


def main():
    with ProcessPoolExecutor(1) as pool:
        start = time.monotonic()
        slept = pool.submit(time.sleep, 0.05)
        length = pool.submit(len, "four")
        print(f"slept: {slept.result()}")
        print(f"length: {length.result()}")
        print(f"took its time: {time.monotonic() - start >= 0.04}")


if __name__ == "__main__":
    main()
