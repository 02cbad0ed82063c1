"""ctypes lets go of the interpreter lock (GIL) while a foreign function runs:
two threads inside a Rust function do compute at the same time."""

import ctypes
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT = 680_000


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
    sys.exit(f"{name} is not built yet: run `cargo build` in {folders[0]}")


def main() -> None:
    # 1. Load the library; a CDLL call lets go of the lock
    library = ctypes.CDLL(str(find_library()))
    sum_primes = library.sum_primes
    sum_primes.argtypes = [ctypes.c_uint32, ctypes.c_uint32]
    sum_primes.restype = ctypes.c_uint64

    # 2. Call it from two threads
    with ThreadPoolExecutor(max_workers=2) as pool:
        one = pool.submit(sum_primes, 1, LIMIT)
        two = pool.submit(sum_primes, 2, LIMIT)

    # 3. Collect the parts; 3 is in neither
    print(f"part 1: {one.result()}")
    print(f"part 2: {two.result()}")
    print(f"sum of primes below {LIMIT}: {3 + one.result() + two.result()}")


if __name__ == "__main__":
    main()
