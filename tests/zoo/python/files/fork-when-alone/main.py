import os
import threading

print("pipe:", *os.pipe())
thread = threading.Thread(target=len, args=("work",))
thread.start()
thread.join()
child = os.fork()
if child == 0:
    os._exit(7)
_, status = os.waitpid(child, 0)
print("child:", status >> 8)
