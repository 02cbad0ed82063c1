import multiprocessing


def word_length(word):
    return len(word)


def fail(_):
    raise LookupError("no such word")


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print("lengths:", *pool.map(word_length, ["a", "bb", "ccc"]))
        print("async:", pool.apply_async(word_length, ("dddd",)).get(timeout=50))
        print("unordered:", *sorted(pool.imap_unordered(word_length, ["ee", "f"])))
        try:
            pool.map(fail, [0])
        except LookupError as error:
            print("failed:", error)
        pool.close()
        pool.join()
