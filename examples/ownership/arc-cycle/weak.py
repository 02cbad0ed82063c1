"""The child refers to its parent weakly: that keeps nobody alive.

When the last other reference goes, both go, and no collector is needed.
"""

import gc
import weakref
from threading import Thread


class Parent:
    def __init__(self) -> None:
        self.child = Child(self)


class Child:
    def __init__(self, parent: Parent) -> None:
        self.parent = weakref.ref(parent)


def visit(parent: Parent) -> None:
    if parent.child.parent() is parent:
        print("a thread finds the child, and the way back")


# 1. Share them with a thread, let go of them, and keep a weak reference: it
#    sees whether the parent is there, and keeps nothing
def share(parent: Parent) -> "weakref.ref[Parent]":
    thread = Thread(target=visit, args=(parent,))
    thread.start()
    thread.join()
    return weakref.ref(parent)


def main() -> None:
    # 2. One that refers to the other, which knows it weakly
    gc.disable()
    watch = share(Parent())
    print(f"let go, the parent is {'there' if watch() else 'gone'}")


if __name__ == "__main__":
    main()
