"""Four commands, and four ways to end: what does the parent learn?

A child leaves a number from 0 to 255, or is ended by a signal. Python makes
one number of both, and the signal's is negative.
"""

import signal
import subprocess


# 1. Run a command and wait for it; if it fails, nothing is raised
def run(*command: str) -> None:
    name = " ".join(command)
    try:
        code = subprocess.run(command).returncode
    except FileNotFoundError:
        # 2. Not started at all: that is an exception, and no code
        print(f"{name}: not found")
        return

    # 3. Below zero it is a signal
    if code < 0:
        print(f"{name}: ended by {signal.Signals(-code).name}")
    else:
        print(f"{name}: code {code}")


def main() -> None:
    run("sh", "-c", "exit 0")
    run("sh", "-c", "exit 3")
    run("sh", "-c", "kill -TERM $$")
    run("no-such-program")


if __name__ == "__main__":
    main()
