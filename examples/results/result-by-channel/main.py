"""Two clients ask one server, and each gets its own answers.

A request takes along the queue that its answer is to come back through.
"""

import queue
import threading
from typing import NamedTuple, Optional


class Request(NamedTuple):
    number: int
    reply: queue.Queue[int]


Requests = queue.Queue[Optional[Request]]


# 1. Answer each request through the queue that came with it
def serve(requests: Requests) -> None:
    while (request := requests.get()) is not None:
        request.reply.put(request.number**2)


# 2. Ask, and wait for the answer at a queue of one's own
def ask(who: str, numbers: list[int], requests: Requests) -> None:
    for number in numbers:
        reply: queue.Queue[int] = queue.Queue()
        requests.put(Request(number, reply))
        print(f"{who}: {number} squared is {reply.get()}")


def main() -> None:
    # 3. One server, two clients
    requests: Requests = queue.Queue()
    threading.Thread(target=serve, args=(requests,)).start()
    clients = [
        threading.Thread(target=ask, args=("ann", [2, 3], requests)),
        threading.Thread(target=ask, args=("bob", [4, 5], requests)),
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()

    # 4. No more clients: let the server end
    requests.put(None)


if __name__ == "__main__":
    main()
