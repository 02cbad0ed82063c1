"""A second interpreter in the same process runs the same function: it has
the program's variables once more, and gets what it is told as a copy."""

from concurrent import interpreters

guests: list[str] = []


def count_in(name: str) -> int:
    # 1. The list of the interpreter that runs this
    guests.append(name)
    return len(guests)


def main() -> None:
    # 2. Another interpreter
    guests.append("ann")
    other = interpreters.create()

    # 3. Its list was empty, and this one stays as it is
    for name in ("bob", "eve"):
        print(f"the other one has {other.call(count_in, name)}")
    other.close()
    print(f"main has {len(guests)}")


if __name__ == "__main__":
    main()
