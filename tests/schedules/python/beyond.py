"""Begins to talk with another machine, then waits for an answer that takes its time."""

import socket
import sys

elsewhere = socket.socket()
elsewhere.setblocking(False)
elsewhere.connect_ex(("192.0.2.1", 9))  # nobody has this address (RFC 5737)
near = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=3600)
print(near.recv(16).decode())
