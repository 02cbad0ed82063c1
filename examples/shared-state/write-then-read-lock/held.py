"""A thread writes and reads under one lock, and lets go afterwards.

Nobody else can write in between.
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


# 1. Write, then read what is there, and only then let go
def post(who: str, board: Board) -> None:
    with board.lock:
        board.write(f"a note by {who}")
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
