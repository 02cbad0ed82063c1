import asyncio
from functools import partial


async def serve(served, reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    served.release()


async def ask(port, words):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for word in words:
        writer.write(f"{word}\n".encode())
        answers.append((await reader.readline()).decode().strip())
    writer.close()
    await writer.wait_closed()
    return answers


async def main():
    served = asyncio.Semaphore(0)
    server = await asyncio.start_server(partial(serve, served), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    results = await asyncio.gather(ask(port, ["ham", "egg"]), ask(port, ["tea"]))
    print("first:", *results[0])
    print("second:", *results[1])
    for _ in results:
        await served.acquire()
    server.close()
    await server.wait_closed()


asyncio.run(main())
