import threading

condition = threading.Condition()
stage = 0
log = []


def advance(mine):
    global stage
    with condition:
        condition.wait_for(lambda: stage == mine)
        log.append(mine)
        stage += 1
        condition.notify_all()


threads = [threading.Thread(target=advance, args=(n,)) for n in (3, 1, 0, 2)]
for thread in threads:
    thread.start()
with condition:
    done = condition.wait_for(lambda: stage == 4)
for thread in threads:
    thread.join()
print("order:", *log)
print("done:", done)
