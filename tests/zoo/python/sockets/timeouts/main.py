import socket
import time

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
receiver.settimeout(0.1)
start = time.monotonic()
try:
    receiver.recvfrom(10)
except socket.timeout:
    print(f"timed out: {time.monotonic() - start >= 0.09}")
receiver.setblocking(False)
try:
    receiver.recvfrom(10)
except BlockingIOError:
    print("would block")
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.sendto(b"hello", receiver.getsockname())
receiver.setblocking(True)
print(f"got {receiver.recvfrom(10)[0].decode()}")
sender.close()
receiver.close()
