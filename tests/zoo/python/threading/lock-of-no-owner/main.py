import threading

baton = threading.Lock()
baton.acquire()
back = threading.Lock()
back.acquire()


def partner():
    for n in range(3):
        baton.acquire()
        print(f"pong {n}")
        back.release()


thread = threading.Thread(target=partner)
thread.start()
for n in range(3):
    print(f"ping {n}")
    baton.release()
    back.acquire()
thread.join()
