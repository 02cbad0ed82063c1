import threading

forks = [threading.Lock() for _ in range(3)]


def dine(who):
    first, second = sorted((who, (who + 1) % 3))
    for _ in range(2):
        with forks[first]:
            with forks[second]:
                print(f"philosopher {who} eats")


threads = [threading.Thread(target=dine, args=(who,)) for who in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("all fed")
