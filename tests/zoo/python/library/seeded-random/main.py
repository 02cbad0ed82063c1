import random
import threading

results = {}


def draw(name):
    generator = random.Random(2024)
    results[name] = [generator.randrange(1000) for _ in range(4)]


threads = [threading.Thread(target=draw, args=(name,)) for name in ("a", "b")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"same: {results['a'] == results['b']}")
state = random.getstate()
first = random.random()
random.setstate(state)
print(f"again: {random.random() == first}")
