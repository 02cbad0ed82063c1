import subprocess
import sys
import threading

code = "for n in range(3): print('line', n, flush=True)"
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
lines = []


def read():
    for line in child.stdout:
        lines.append(line.strip())


reader = threading.Thread(target=read)
reader.start()
print(f"ended with {child.wait()}")
reader.join()
child.stdout.close()
for line in lines:
    print(f"read {line}")
