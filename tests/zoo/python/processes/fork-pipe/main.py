import multiprocessing


def child(connection):
    while (word := connection.recv()) is not None:
        connection.send(word.upper())
    connection.close()


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=child, args=(theirs,))
    process.start()
    theirs.close()
    for word in ("ham", "eggs"):
        ours.send(word)
        print(f"answer: {ours.recv()}")
    ours.send(None)
    process.join()
    print(f"exit code: {process.exitcode}")
