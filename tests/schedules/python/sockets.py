"""Loopback: a server and two clients; a socket pair; timeouts; more than a buffer holds."""

import selectors
import socket
import threading
import time

server = socket.create_server(("127.0.0.1", 0))
answers = []


def serve():
    for _ in range(2):
        connection, _ = server.accept()
        with connection:
            connection.sendall(connection.recv(100).upper())


def ask(word):
    with socket.create_connection(server.getsockname()) as connection:
        connection.sendall(word)
        answers.append(connection.recv(100))


threads = [threading.Thread(target=serve)]
threads += [threading.Thread(target=ask, args=(word,)) for word in (b"one", b"two")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(answers))

left, right = socket.socketpair()
sender = threading.Thread(target=left.sendall, args=(b"x" * 1_000_000,))
sender.start()
received = 0
while received < 1_000_000:
    received += len(right.recv(65536))
sender.join()
print(received)
right.settimeout(3)
start = time.monotonic()
try:
    right.recv(1)
except socket.timeout:
    print("timed out after", round(time.monotonic() - start))
selector = selectors.DefaultSelector()
selector.register(right, selectors.EVENT_READ)
threading.Timer(1, left.send, [b"!"]).start()
print(selector.select(0.5), len(selector.select(10)))
