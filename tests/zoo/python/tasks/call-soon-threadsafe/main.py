import asyncio
import threading


def produce(loop, queue):
    for n in range(3):
        loop.call_soon_threadsafe(queue.put_nowait, n)
    loop.call_soon_threadsafe(queue.put_nowait, None)


async def main():
    queue = asyncio.Queue()
    thread = threading.Thread(target=produce, args=(asyncio.get_running_loop(), queue))
    thread.start()
    while (n := await queue.get()) is not None:
        print(f"got {n}")
    thread.join()


async def on_another_loop():
    return threading.current_thread().name


asyncio.run(main())
loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever, name="loop")
thread.start()
print("ran in", asyncio.run_coroutine_threadsafe(on_another_loop(), loop).result())
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
