import threading

seats = threading.Semaphore(2)
guard = threading.Lock()
inside = 0
most = 0


def visit(who):
    global inside, most
    with seats:
        with guard:
            inside += 1
            most = max(most, inside)
            print(f"{who} enters")
        with guard:
            inside -= 1
            print(f"{who} leaves")


threads = [threading.Thread(target=visit, args=(f"guest{n}",)) for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"most: {most}, inside: {inside}")
