import queue
import threading

urgent = queue.PriorityQueue()
stack = queue.LifoQueue()


def fill(numbers):
    for number in numbers:
        urgent.put((number, f"job{number}"))
        stack.put(number)


threads = [threading.Thread(target=fill, args=(part,)) for part in ([5, 1, 4], [2, 0, 3])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("urgent:", *(urgent.get()[1] for _ in range(6)))
taken = [stack.get_nowait() for _ in range(6)]
print("stack:", taken.index(4) < taken.index(1) < taken.index(5), sorted(taken))
