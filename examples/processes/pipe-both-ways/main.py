"""A child turns letters into capitals: text goes in, and text comes out.

A pipe holds 64 kB or so. Who first writes all and then reads all waits, with
more than that, for a child that waits for somebody to read.
"""

import subprocess

LINES = 20_000


def main() -> None:
    # 1. Start the child with a pipe for each way
    child = subprocess.Popen(
        ["tr", "a-z", "A-Z"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    # 2. Write and read at the same time; shut the pipe when all is written
    answer, _ = child.communicate("a line of text\n" * LINES)

    # 3. The child has read to the end, and so has main
    lines = answer.splitlines()
    print(f"lines that came back: {len(lines)}")
    print(f"the last of them: {lines[-1]}")


if __name__ == "__main__":
    main()
