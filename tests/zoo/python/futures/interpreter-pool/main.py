from concurrent.futures import InterpreterPoolExecutor


def cube(n):
    return n**3


def main():
    with InterpreterPoolExecutor(max_workers=2) as pool:
        for n, result in enumerate(pool.map(cube, range(4))):
            print(f"cube of {n}: {result}")
        print(f"sum: {pool.submit(sum, (1, 2, 3)).result()}")


if __name__ == "__main__":
    main()
