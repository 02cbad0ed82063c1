"""Three downloads start together; each answer is taken when it is there.

Answers come in the order in which they get ready, so each has to be told
apart: the future is the key to its question.
"""

import time
from concurrent.futures import ThreadPoolExecutor, as_completed

SIZES = {"film": 30, "song": 10, "poem": 1}


# 1. What takes its time: the longer, the more there is
def download(name: str) -> int:
    time.sleep(SIZES[name] / 1000)
    return SIZES[name]


def main() -> None:
    with ThreadPoolExecutor(max_workers=len(SIZES)) as pool:
        # 2. Start all, and remember whose future is whose
        asked = {}
        for name in SIZES:
            print(f"asked for the {name}")
            asked[pool.submit(download, name)] = name

        # 3. Take each answer when it is there
        for future in as_completed(asked):
            print(f"the {asked[future]}: {future.result()} kB")
    print("that is all")


if __name__ == "__main__":
    main()
