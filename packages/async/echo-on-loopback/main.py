"""A server on loopback and three clients, all tasks of one thread: whoever
waits for the network lets the others go on."""

import asyncio
from asyncio import StreamReader, StreamWriter


# 1. A task for each connection: send back whatever comes
async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(b"echo: " + line)
        await writer.drain()
    writer.close()


# 2. Say two things, and wait for the answer to each
async def talk(who: str, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for word in ("hello", "bye"):
        writer.write(f"{word} from {who}\n".encode())
        answer = await reader.readline()
        print(f"{who} hears: {answer.decode().strip()}")

    # 3. Hang up, and wait until the other end has done so
    writer.write_eof()
    await reader.read()
    writer.close()


async def main() -> None:
    # 4. Listen on some free port while three clients talk
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*(talk(who, port) for who in ("ann", "bob", "cho")))

    # 5. Listen no more
    server.close()
    print("the server is closed")


if __name__ == "__main__":
    asyncio.run(main())
