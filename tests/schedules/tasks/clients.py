"""Three clients on loopback; the server notes who was read first."""

import asyncio
import sys

OK = "ok" in sys.argv


async def main():
    seen = []

    async def serve(reader, writer):
        seen.append((await reader.readline()).decode().strip())
        writer.write(b"done\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def client(name):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(name.encode() + b"\n")
        await reader.readline()
        writer.close()

    await asyncio.gather(*map(client, "abc"))
    server.close()
    assert (sorted(seen) if OK else seen) == ["a", "b", "c"], seen


if __name__ == "__main__":
    asyncio.run(main())
