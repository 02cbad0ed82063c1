from concurrent.futures import ThreadPoolExecutor, as_completed


def length(word):
    return len(word)


words = ["ox", "cat", "lion", "tiger"]
with ThreadPoolExecutor(2) as pool:
    futures = {pool.submit(length, word): word for word in words}
    for future in as_completed(futures):
        print(f"{futures[future]} has {future.result()}")
print("pending:", sum(not future.done() for future in futures))
