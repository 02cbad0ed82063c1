"""Two threads call a function in Rust that waits until both are there. It
lets go of the GIL meanwhile: else the second one could not even call it."""

import threading

import meeting


def work(who: str) -> None:
    print(f"{who} comes")
    meeting.wait()
    print(f"{who} goes on")


def main() -> None:
    # 1. Two threads, and each of them needs the other
    workers = [
        threading.Thread(target=work, args=(who,)) for who in ("ann", "bob")
    ]
    for worker in workers:
        worker.start()

    # 2. Both come to their end
    for worker in workers:
        worker.join()
    print("both have met")


if __name__ == "__main__":
    main()
