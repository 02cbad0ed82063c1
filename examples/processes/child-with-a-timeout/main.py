"""One child ends in time, and another does not.

When the time is up, nothing happens to the child by itself: the parent has to
end it, and to wait for it once more.
"""

import subprocess


# 1. Wait, but not for ever
def sleep(seconds: int, timeout: float) -> None:
    child = subprocess.Popen(["sleep", str(seconds)])
    try:
        print(f"sleep {seconds}: code {child.wait(timeout)}")
    except subprocess.TimeoutExpired:
        # 2. It runs on: end it, and wait until it is gone
        print(f"sleep {seconds}: too slow")
        child.kill()
        print(f"sleep {seconds}: ended by signal {-child.wait()}")


def main() -> None:
    sleep(0, timeout=30)
    sleep(60, timeout=0.1)


if __name__ == "__main__":
    main()
