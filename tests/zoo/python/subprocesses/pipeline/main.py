import subprocess
import sys

first = subprocess.Popen(
    [sys.executable, "-c", "print('pear'); print('apple'); print('fig')"], stdout=subprocess.PIPE
)
second = subprocess.Popen(
    [sys.executable, "-c", "import sys; print(*sorted(map(str.strip, sys.stdin)))"],
    stdin=first.stdout,
    stdout=subprocess.PIPE,
    text=True,
)
first.stdout.close()
out, _ = second.communicate()
print(f"sorted: {out.strip()}")
print(f"codes: {first.wait()} {second.returncode}")
