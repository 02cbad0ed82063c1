from concurrent.futures import ProcessPoolExecutor


def invert(n):
    return 12 // n


def main():
    with ProcessPoolExecutor(max_workers=2) as pool:
        print("inverted:", *pool.map(invert, [1, 2, 3]))
        future = pool.submit(invert, 0)
        print("error:", type(future.exception()).__name__)


if __name__ == "__main__":
    main()
