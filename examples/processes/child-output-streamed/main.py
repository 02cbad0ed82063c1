"""A child never stops counting; the parent listens to three lines of it.

To wait for the end of the output would be to wait for ever. But a pipe can be
read while it is written.
"""

import subprocess
from itertools import islice

COUNT = "n=0; while :; do n=$((n + 1)); echo $n; done"


def main() -> None:
    # 1. Start the child with a pipe for its output
    command = ["sh", "-c", COUNT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None

        # 2. Take line by line, each when it is there
        for line in islice(child.stdout, 3):
            print(f"the child says {line.rstrip()}")

        # 3. Heard enough: end it; the block's end waits until it is gone
        child.kill()
    print(f"ended by signal {-child.returncode}")


if __name__ == "__main__":
    main()
