"""A file that is written in a run is as old as the program's clocks say."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

place = pathlib.Path(tempfile.mkdtemp())


def age(path):
    """In whole seconds of the program's time; never less than none."""
    span = time.time() - path.stat().st_mtime
    assert span >= 0, span
    return int(span)


def rounded(path):
    status = path.stat()
    return {name: round(getattr(status, f"st_{name}time") - start) for name in "amc"}


start = time.time()
print("older files:", time.time() > os.stat(__file__).st_mtime > 0)

first = place / "first"
first.write_text("a")
time.sleep(10)
print("written:", age(first), rounded(first))
with first.open("a") as more:
    more.write("b")
print("written again:", age(first))
time.sleep(5)
first.read_text()
with first.open("a"):
    print("opened:", age(first))
copy = place / "copy"
shutil.copy(first, copy)
print("copied:", age(copy), copy.stat().st_mtime > first.stat().st_mtime)
shutil.copy2(first, copy)
print("with its times:", copy.stat().st_mtime_ns == first.stat().st_mtime_ns)

folder = place / "folder"
folder.mkdir()
time.sleep(3)
print("folder:", age(folder))
first.touch()
print("touched:", age(first))
for moment in (start - 86400, 86400.5, start + 86400):
    os.utime(first, (moment, moment))
    print("set:", abs(first.stat().st_mtime - moment) < 0.001)
first.write_text("c")
print("and written:", age(first))
with first.open("w"):
    time.sleep(1)
    print("emptied:", age(first))

seen = []
for turn in range(3):
    first.write_text(str(turn))
    seen.append(os.stat(first).st_mtime_ns)
    time.sleep(1)
print("each later:", sorted(set(seen)) == seen)
with first.open("wb", buffering=0) as file:
    time.sleep(7)
    os.pwrite(file.fileno(), b"d", 0)
    print("at a place:", int(time.time() - os.fstat(file.fileno()).st_mtime))
    time.sleep(2)
    os.ftruncate(file.fileno(), 0)
    print("cut:", int(time.time() - os.fstat(file.fileno()).st_mtime))

other = place / "other"
subprocess.run(["touch", str(other)], check=True)
print("by a child:", age(other) < 60, other.stat().st_mtime_ns == other.stat().st_mtime_ns)
before = other.stat().st_mtime_ns
time.sleep(0.1)
subprocess.run(["touch", str(other)], check=True)
print("by a child, again:", other.stat().st_mtime_ns > before)
shutil.rmtree(place)
print("exactly:", start, seen)
