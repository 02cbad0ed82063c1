"""What `threading`, `queue`, `concurrent.futures` and `asyncio` use works."""

import asyncio
import concurrent.futures
import queue
import threading
import time


def lines():
    condition, barrier = threading.Condition(), threading.Barrier(2)
    semaphore, event, local = threading.BoundedSemaphore(1), threading.Event(), threading.local()
    total = []

    def work(number):
        local.number = number
        barrier.wait()
        with semaphore, condition:
            total.append(local.number)
            condition.notify_all()
        event.set()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    with condition:
        yield condition.wait_for(lambda: len(total) == 2, timeout=60)
    for thread in threads:
        thread.join(timeout=60)
    yield sorted(total), event.wait(1), [thread.is_alive() for thread in threads]
    try:
        barrier.wait(timeout=1)
    except threading.BrokenBarrierError:
        yield "broken"
    timer = threading.Timer(1, total.clear)
    timer.start()
    timer.join()
    yield total


def queues():
    for kind in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
        items = kind()
        thread = threading.Thread(target=lambda: [items.put(item) for item in range(3)])
        thread.start()
        yield sorted(items.get(timeout=60) for _ in range(3))
        thread.join()
        try:
            items.get(timeout=0.5)
        except queue.Empty:
            yield kind.__name__


def futures():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        yield list(pool.map(lambda number: number + 1, range(4)))
        slow, quick = pool.submit(time.sleep, 2), pool.submit(int, "7")
        yield concurrent.futures.wait([slow, quick], return_when="FIRST_COMPLETED").done == {quick}
        yield [future.result() for future in concurrent.futures.as_completed([quick, slow])]


async def tasks():
    start = time.monotonic()
    results = await asyncio.gather(
        asyncio.sleep(1, 1),
        asyncio.sleep(1, 2),
        asyncio.to_thread(time.sleep, 1) if hasattr(asyncio, "to_thread") else asyncio.sleep(1),
    )
    first = results, round(time.monotonic() - start)
    channel, lock = asyncio.Queue(1), asyncio.Lock()
    async with lock:
        await channel.put(3)
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"hello\n")
    answer = await reader.readline()
    writer.close()
    server.close()
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 2)
    except asyncio.TimeoutError:
        return first, await channel.get(), answer, "late"


async def echo(reader, writer):
    writer.write(await reader.readline())
    writer.close()


for part in (lines, queues, futures):
    print(part.__name__, list(part()))
print("tasks", asyncio.run(tasks()))
