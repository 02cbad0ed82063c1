import threading
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, ThreadPoolExecutor, wait

gate = threading.Event()

with ThreadPoolExecutor(2) as pool:
    slow = pool.submit(gate.wait)
    quick = pool.submit(pow, 2, 10)
    done, rest = wait([slow, quick], return_when=FIRST_COMPLETED)
    print("first is quick:", done == {quick} and rest == {slow})
    done, rest = wait([slow], timeout=0.01)
    print("timed out:", len(done), len(rest))
    gate.set()
    done, rest = wait([slow, quick], return_when=ALL_COMPLETED)
    print("all:", len(done), len(rest), quick.result(), slow.result())
