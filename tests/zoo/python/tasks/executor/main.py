import asyncio
from concurrent.futures import ThreadPoolExecutor


def count(word, letter):
    return word.count(letter)


async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:
        calls = [loop.run_in_executor(pool, count, w, "a") for w in ("banana", "pear", "plum")]
        print("counts:", *await asyncio.gather(*calls))
        done, pending = await asyncio.wait(
            [loop.run_in_executor(None, len, "four")], return_when=asyncio.FIRST_COMPLETED
        )
        print("length:", done.pop().result(), "pending:", len(pending))


asyncio.run(main())
