import functools
import threading


@functools.lru_cache(maxsize=None)
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


class Config:
    @functools.cached_property
    def value(self):
        return object()


results = []
threads = [threading.Thread(target=lambda: results.append(fibonacci(12))) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("values:", *set(results))
print("cached:", fibonacci.cache_info().currsize)
config = Config()
print("property:", config.value is config.value)
