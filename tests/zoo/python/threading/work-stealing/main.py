import threading
from collections import deque

queues = [deque(range(0, 6)), deque()]
locks = [threading.Lock(), threading.Lock()]
done = [[], []]


def next_task(me):
    with locks[me]:
        if queues[me]:
            return queues[me].pop()
    with locks[1 - me]:
        if queues[1 - me]:
            return queues[1 - me].popleft()
    return None


def work(me):
    while (task := next_task(me)) is not None:
        done[me].append(task)


threads = [threading.Thread(target=work, args=(me,)) for me in (0, 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done:", len(done[0]) + len(done[1]))
print("once:", sorted(done[0] + done[1]) == list(range(6)))
