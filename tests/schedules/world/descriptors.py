"""Threads that wait at pipes, sockets and selectors let the others go on."""

import os
import select
import socket
import threading


def together(*functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


first, second, full = os.pipe(), os.pipe(), os.pipe()
one, other = socket.socketpair()
server = socket.create_server(("127.0.0.1", 0))
seen = {}


def wait_for_all():
    seen["read"] = os.read(first[0], 9)
    poller = select.poll()
    poller.register(second[0], select.POLLIN)
    seen["poll"] = len(poller.poll())
    os.read(second[0], 1)
    with select.epoll() as events:
        events.register(second[0], select.EPOLLIN)
        seen["epoll"] = len(events.poll())
    os.read(second[0], 1)
    seen["select"] = len(select.select([second[0]], [], [])[0])
    seen["received"] = one.recv(9)
    connection, _ = server.accept()
    seen["accepted"] = connection.recv(9)


def serve_all():
    os.write(first[1], b"a")
    for _ in range(3):
        os.write(second[1], b"b")
    other.sendall(b"c")
    with socket.create_connection(server.getsockname()) as client:
        client.sendall(b"d")


def fill():
    with os.fdopen(full[1], "wb", buffering=0) as pipe:
        written = 0
        while written < 300_000:
            written += pipe.write(b"x" * 100_000)


def empty():
    size = 0
    while data := os.read(full[0], 30_000):
        size += len(data)
    seen["emptied"] = size


together(wait_for_all, serve_all)
together(fill, empty)
print(sorted(seen.items()))
os.set_blocking(first[0], False)
for attempt in (lambda: os.read(first[0], 1), lambda: one.recv(1, socket.MSG_DONTWAIT)):
    try:
        attempt()
    except BlockingIOError:
        print("would block")
server.settimeout(1)
try:
    server.accept()
except socket.timeout:
    print("timed out")
