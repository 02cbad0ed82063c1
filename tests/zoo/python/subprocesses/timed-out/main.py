import subprocess
import sys
import time

start = time.monotonic()
try:
    subprocess.run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.3)
except subprocess.TimeoutExpired as error:
    print(f"expired: {error.timeout < 1}")
took = time.monotonic() - start
print(f"no sooner: {took >= 0.25}")
print(f"not the whole: {took < 29}")
