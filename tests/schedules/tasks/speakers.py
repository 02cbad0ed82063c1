"""Two tasks print; a thread and the script do, too."""

import asyncio


async def speak(name):
    print(name, flush=True)
    await asyncio.sleep(0)
    print(name, flush=True)


async def main():
    await asyncio.gather(speak("one"), speak("two"))
    await asyncio.get_running_loop().run_in_executor(None, lambda: print("thread", flush=True))
    print("main", flush=True)


asyncio.run(main())
print("script", flush=True)
