"""A thread has a name, which logs and tracebacks show.

Whoever starts it may choose one. Python makes one up where nobody does; two
threads may have the same.
"""

import threading


# 1. Ask which thread this is
def introduce(work: str) -> None:
    print(f"{work} is done by {threading.current_thread().name}")


def main() -> None:
    # 2. The thread that runs main has a name, too
    introduce("planning")

    # 3. Choose a name, and choose it twice
    for work in ("kneading", "baking"):
        baker = threading.Thread(target=introduce, args=(work,), name="baker")
        baker.start()
        baker.join()

    # 4. Choose none
    helper = threading.Thread(target=introduce, args=("cleaning",))
    helper.start()
    helper.join()


if __name__ == "__main__":
    main()
