"""Randomness from the system, from each source and in two threads; and the order of a set."""

import os
import random
import secrets
import tempfile
import threading
import uuid


class Thing:
    """Something whose hash is its address."""


def draw(into):
    into.append(os.urandom(4).hex())
    into.append(os.getrandom(4).hex())
    with open("/dev/urandom", "rb", buffering=0) as source:
        into.append(source.read(4).hex())
    into.append(str(uuid.uuid4()))
    into.append(secrets.token_hex(4))
    into.append(random.SystemRandom().random())


drawn = [[], []]
threads = [threading.Thread(target=draw, args=(each,)) for each in drawn]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(drawn, len({each[0] for each in drawn}))
things = {Thing(): number for number in range(8)}
print([things[thing] for thing in set(things)])
print(random.random(), os.path.basename(tempfile.mktemp()))
