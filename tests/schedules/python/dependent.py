"""One thread looks at something while another changes it, in each way that is named.

The first prints what it saw: the one or the other.  For each further way two more threads do so.
"""

import queue
import sys
import threading

total = 0


class Base:
    number = 0

    def get(self):
        return self.number


class Shared(Base):
    def get(self):
        return super().get()

    def __enter__(self):
        return items[0]

    def __exit__(self, *what):
        pass


shared = Shared()
items, words, table, chosen = [], [], {}, set()
going = iter(())
channel = queue.SimpleQueue()


def begin():
    """As it is before each way."""
    global total, going
    Base.number = shared.number = total = 0
    items[:], words[:] = [3, 1, 2], ["a", "b"]
    table.clear()
    table["n"] = 0
    chosen.clear()
    chosen.add(1)
    going = iter([1, 2, 3])


def closure():
    count = 0

    def read():
        return count

    def write():
        nonlocal count
        count = 1

    return read, write


read_cell, write_cell = closure()


def same(*values, **named):
    return values, named


def write_total():
    global total
    total = 1


def slice_from():
    copy = [0]
    copy[0:1] = items
    return copy


def unpack():
    first, *rest = items
    return first, rest


def loop():
    seen = []
    for each in items:
        seen.append(each)
    return seen


def generate():
    yield from items


def enter():
    with shared as first:
        return first


def catch():
    try:
        return table["m"]
    except KeyError:
        return 0


def write_base():
    Base.number = 1


def write_shared():
    shared.number = 1


def append():
    items.append(4)


def change():
    items[0] = 4


def cut():
    del items[1:]


def find():
    import colorsys  # noqa: PLC0415

    return colorsys.ONE_THIRD


def put():
    table["m"] = 1


def extend():
    global items
    items += [4]


WAYS = {
    "apart": (lambda: items[0], lambda: words.append("c")),
    "global": (lambda: total, write_total),
    "attribute": (lambda: shared.number, write_shared),
    "of-class": (lambda: Base.number, write_base),
    "super": (lambda: shared.get(), write_base),
    "getattr": (lambda: getattr(shared, "number"), write_shared),
    "setattr": (lambda: shared.number, lambda: setattr(shared, "number", 1)),
    "cell": (read_cell, write_cell),
    "item": (lambda: items[0], change),
    "slice": (lambda: items[0:2], change),
    "slice-from": (slice_from, append),
    "cut": (lambda: items[-1], cut),
    "extend": (lambda: len(items), extend),
    "form": (lambda: f"{items}", append),
    "form-with": (lambda: f"{items!r:>20}", append),
    "in": (lambda: 4 in items, append),
    "equal": (lambda: items == [3, 1, 2], append),
    "truth": (lambda: 1 if not table.get("m") and items[3:] else 0, append),
    "bool": (lambda: bool(items) and items.copy(), append),
    "plus": (lambda: items + [], append),  # noqa: RUF005
    "unpack": (unpack, append),
    "call": (lambda: same(*items), append),
    "call-named": (lambda: same(**table), put),
    "list": (lambda: [0, *items], append),
    "dict": (lambda: {"k": 0, **table}, put),
    "comprehension": (lambda: [each for each in items], append),  # noqa: C416
    "of-items": (lambda: {name: 0 for name, _ in table.items()}, put),
    "generator": (lambda: sum(each for each in items), append),
    "delegates": (lambda: list(generate()), append),
    "loop": (loop, append),
    "iterator": (lambda: next(going), lambda: next(going)),
    "for-iterator": (lambda: [each for each in going], lambda: next(going, 0)),  # noqa: C416
    "named": (lambda: max(items, default=0), append),
    "sorted": (lambda: sorted(items, key=lambda each: -each), append),
    "method": (lambda: " ".join(words), lambda: words.append("c")),
    "by-name": (lambda: "{x}".format(x=items), append),
    "with": (enter, change),
    "caught": (catch, put),
    "pop": (lambda: table.setdefault("m", 0), put),
    "import": (find, append),
    "queue": (lambda: channel.empty(), lambda: channel.put(1)),
    "set": (lambda: 2 in chosen, lambda: chosen.add(2)),
}


def look(way):
    same()
    seen = way()
    same()
    print(seen)


def act(way):
    same()
    way()
    same()


for name in sys.argv[1:]:
    begin()
    threads = [
        threading.Thread(target=function, args=(way,))
        for function, way in zip((look, act), WAYS[name])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
