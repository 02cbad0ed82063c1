"""What forked children draw, and children of theirs, is what nobody else has drawn."""

import os
import uuid

r, w = os.pipe()


def draw():
    os.write(w, uuid.uuid4().bytes)
    os.write(w, os.urandom(16))


def bear(generations):
    for _ in range(2):
        child = os.fork()
        if child == 0:
            draw()
            if generations > 1:
                bear(generations - 1)
            os._exit(0)
        os.waitpid(child, 0)


bear(2)
draw()
os.close(w)
drawn = []
while number := os.read(r, 16):
    drawn.append(number)
print(len(drawn), len(set(drawn)))
