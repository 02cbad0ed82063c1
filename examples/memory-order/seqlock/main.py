"""Whoever reads a temperature gets it whole, and never holds the writer up.

Two numbers belong together. A version, odd while they are written, tells the
reader that it has to read again.
"""

import time
from concurrent.futures import ThreadPoolExecutor


class Temperature:
    def __init__(self) -> None:
        self.version = 0
        self.celsius = 0
        self.fahrenheit = 32

    # 1. An odd version says that a change is being made
    def write(self, celsius: int) -> None:
        self.version += 1
        self.celsius = celsius
        self.fahrenheit = celsius * 9 // 5 + 32
        self.version += 1

    # 2. What was read under one even version belongs together
    def read(self) -> tuple[int, int]:
        while True:
            version = self.version
            both = self.celsius, self.fahrenheit
            if version % 2 == 0 and self.version == version:
                return both
            time.sleep(0.001)


def main() -> None:
    # 3. One reads while the other writes
    temperature = Temperature()
    with ThreadPoolExecutor() as pool:
        reader = pool.submit(temperature.read)
        temperature.write(100)
    celsius, fahrenheit = reader.result()
    print(f"read {celsius} C, {fahrenheit} F")


if __name__ == "__main__":
    main()
