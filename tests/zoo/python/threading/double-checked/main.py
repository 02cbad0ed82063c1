import threading


class Settings:
    _instance = None
    _lock = threading.Lock()
    made = 0

    @classmethod
    def get(cls):
        if cls._instance is None:
            with cls._lock:
                if cls._instance is None:
                    cls.made += 1
                    cls._instance = cls()
        return cls._instance


found = []
threads = [threading.Thread(target=lambda: found.append(Settings.get())) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"made: {Settings.made}")
print(f"different: {len(set(map(id, found)))} of {len(found)}")
