import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    beats = 0
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
    while not stop.is_set():
        beats += 1
        await asyncio.sleep(0.01)
    loop.remove_signal_handler(signal.SIGTERM)
    print(f"stopped after some beats: {beats > 0}")


asyncio.run(main())
print("clean end")
