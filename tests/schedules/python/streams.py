"""The standard streams look as ever, and what goes to them keeps its order."""

import os
import sys
import threading

for stream in (sys.stdout, sys.stderr):
    print(
        stream.isatty(),
        stream.encoding,
        stream.errors,
        stream.name,
        stream.mode,
        stream.line_buffering,
        stream.fileno(),
        stream.buffer.raw.name,
    )
sys.stdout.flush()
os.write(1, b"raw\n")
sys.stdout.buffer.write(b"bytes\n")
sys.stdout.writelines(["one\n", "two\n"])
print("a", "b", sep="", end="!\n", flush=True)
threads = [threading.Thread(target=print, args=("word",) * 3) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(
    sys.stdout is sys.__stdout__,
    "controlled_threads" in " ".join(sys.path),
    os.environ.get("PYTHONPATH"),
)
