"""PyDLL calls the same foreign function, but keeps the interpreter lock (GIL)
until it returns: two threads take turns."""

import ctypes
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT = 700_000


def find_library() -> Path:
    stem = "releasing_extension"
    names = {"win32": f"{stem}.dll", "darwin": f"lib{stem}.dylib"}
    name = names.get(sys.platform, f"lib{stem}.so")
    folders = Path(__file__).resolve().parents
    targets = [folder / "target" for folder in folders]
    if "CARGO_TARGET_DIR" in os.environ:
        targets = [Path(os.environ["CARGO_TARGET_DIR"])]
    for target in targets:
        if (target / "debug" / name).exists():
            return target / "debug" / name
    sys.exit(f"{name} is not built yet: run `cargo build` here first")


def main() -> None:
    # 1. Load the library; a PyDLL call holds on to the lock
    library = ctypes.PyDLL(str(find_library()))
    count_primes = library.count_primes
    count_primes.argtypes = [ctypes.c_uint32, ctypes.c_uint32]
    count_primes.restype = ctypes.c_uint32

    # 2. Call it from two threads
    with ThreadPoolExecutor(max_workers=2) as pool:
        one = pool.submit(count_primes, 1, LIMIT)
        three = pool.submit(count_primes, 3, LIMIT)

    # 3. Collect the parts; 2 is in neither
    print(f"part 1: {one.result()}")
    print(f"part 3: {three.result()}")
    print(f"primes: {1 + one.result() + three.result()}")


if __name__ == "__main__":
    main()
