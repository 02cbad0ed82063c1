from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory


def fill(name, size):
    memory = SharedMemory(name=name)
    for index in range(size):
        memory.buf[index] = index + 1
    memory.close()


if __name__ == "__main__":
    memory = SharedMemory(create=True, size=8)
    try:
        process = get_context("fork").Process(target=fill, args=(memory.name, 8))
        process.start()
        process.join()
        print("sum:", sum(memory.buf[:8]))
        print("exit code:", process.exitcode)
    finally:
        memory.close()
        memory.unlink()
