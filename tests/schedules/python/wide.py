"""A list of more numbers than an instruction's operands are looked at, read by two threads."""

import threading

numbers = [*range(1000)]


def add_up(*given):
    for each in given:
        print(sum(each))


threads = [threading.Thread(target=add_up, args=(numbers, numbers)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
