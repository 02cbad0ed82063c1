"""Whoever cannot wait for ever gives `get` a timeout.

Empty says that the time is up. Whether the sender is late or gone, a queue
does not know.
"""

import queue
import threading

PATIENCE = 0.01


# 1. Wait for a while: is there any news by then?
def look(day: str, news: queue.Queue[str]) -> bool:
    try:
        text = news.get(timeout=PATIENCE)
    except queue.Empty:
        print(f"{day}: no news yet")
        return False
    print(f"{day}: {text}")
    return True


def main() -> None:
    # 2. Nobody has sent any: the time runs out
    news: queue.Queue[str] = queue.Queue()
    look("monday", news)

    # 3. Look until the reporter has sent some
    threading.Thread(target=news.put, args=("it rains",)).start()
    while not look("tuesday", news):
        pass

    # 4. Nobody will send any more, but the queue does not know that
    look("wednesday", news)


if __name__ == "__main__":
    main()
