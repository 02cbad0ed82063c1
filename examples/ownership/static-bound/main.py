"""A thread outlives the function that started it, and uses its local list."""

from threading import Event, Thread


def start(returned: Event) -> Thread:
    # 1. A list that is local to this function
    numbers = [1, 2, 3]

    # 2. A thread that uses it when the function has returned; Python keeps
    #    the list for as long as somebody refers to it
    def show() -> None:
        returned.wait()
        for n in numbers:
            print(n)

    thread = Thread(target=show)
    thread.start()
    return thread


def main() -> None:
    returned = Event()
    thread = start(returned)

    # 3. Here the function is over, and the thread is not
    print("start has returned")
    returned.set()
    thread.join()


if __name__ == "__main__":
    main()
