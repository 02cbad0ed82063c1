"""A thread writes under the lock, lets go, and reads under the lock.

Both steps are safe, and somebody else may write in between.
"""

from threading import Lock, Thread


class Board:
    def __init__(self) -> None:
        self.lock = Lock()
        self.text = "nothing"

    def write(self, text: str) -> None:
        self.text = text

    def read(self) -> str:
        return self.text


# 1. Write, then read what is there
def post(who: str, board: Board) -> None:
    with board.lock:
        board.write(f"a note by {who}")
    with board.lock:
        print(f"{who} reads {board.read()}")


def main() -> None:
    # 2. Two threads share a board
    board = Board()
    writers = [
        Thread(target=post, args=(who, board)) for who in ("ann", "bob")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


if __name__ == "__main__":
    main()
