import threading

PHASES = 3
barrier = threading.Barrier(3, action=lambda: print("all here"))


def work(who):
    for phase in range(PHASES):
        print(f"{who} in phase {phase}")
        barrier.wait()


threads = [threading.Thread(target=work, args=(who,)) for who in "abc"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"waiting: {barrier.n_waiting}")
