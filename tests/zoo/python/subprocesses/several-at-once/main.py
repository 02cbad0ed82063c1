import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


def ask(n):
    command = [sys.executable, "-c", f"print({n} * 10)"]
    return int(subprocess.check_output(command))


with ThreadPoolExecutor(3) as pool:
    answers = list(pool.map(ask, range(3)))
print("answers:", *answers)
