"""One thing to wait for in vain, by the argument."""

import queue
import socket
import sys
import threading


def twice():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def stranger():
    lock = threading.RLock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    lock.acquire()


def joined():
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait)
    thread.start()
    thread.join()


def unjoined():
    gate = threading.Semaphore(0)
    threading.Thread(target=gate.acquire).start()


def received():
    left, right = socket.socketpair()
    right.recv(1)


def got():
    queue.Queue().get()


def got_simply():
    queue.SimpleQueue().get()


print("before")
globals()[sys.argv[1]]()
