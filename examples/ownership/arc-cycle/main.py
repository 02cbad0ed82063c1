"""Two objects refer to each other, and nobody else refers to either.

Counting references does not free them. Python has a collector that does.
"""

import gc
import weakref
from threading import Thread


class Parent:
    def __init__(self) -> None:
        self.child = Child(self)


class Child:
    def __init__(self, parent: Parent) -> None:
        self.parent = parent


def visit(parent: Parent) -> None:
    if parent.child.parent is parent:
        print("a thread finds the child, and the way back")


# 1. Share them with a thread, let go of them, and keep a weak reference: it
#    sees whether the parent is there, and keeps nothing
def share(parent: Parent) -> "weakref.ref[Parent]":
    thread = Thread(target=visit, args=(parent,))
    thread.start()
    thread.join()
    return weakref.ref(parent)


def main() -> None:
    # 2. Two that refer to each other (and no collector yet)
    gc.disable()
    watch = share(Parent())
    print(f"let go, the parent is {'there' if watch() else 'gone'}")

    # 3. Look for those whom nobody refers to but they themselves
    gc.collect()
    print(f"in the end, the parent is {'there' if watch() else 'gone'}")


if __name__ == "__main__":
    main()
