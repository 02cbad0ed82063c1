import asyncio
import sys


async def main():
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; print(sum(map(int, sys.stdin.read().split())))",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate(b"1 2 3 4")
    print(f"sum: {out.decode().strip()}")
    print(f"code: {child.returncode}")


asyncio.run(main())
