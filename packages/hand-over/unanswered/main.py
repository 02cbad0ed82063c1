"""Two questions wait for a server, each with a queue for its answer. The
server answers one of them and goes home."""

import queue
import threading

Answer = queue.Queue[str]
Questions = queue.Queue[Answer]


def serve(questions: Questions) -> None:
    answer = questions.get()
    answer.put("yes")


def ask(questions: Questions) -> Answer:
    answer: Answer = queue.Queue()
    questions.put(answer)
    return answer


def main() -> None:
    # 1. Two questions
    questions: Questions = queue.Queue()
    asked = [ask(questions), ask(questions)]

    # 2. One is answered
    server = threading.Thread(target=serve, args=(questions,))
    server.start()
    server.join()

    # 3. The other one lies in the queue, and nobody knows it is in vain
    for answer in asked:
        try:
            print(f"answer: {answer.get(timeout=0.1)}")
        except queue.Empty:
            print("no answer yet")


if __name__ == "__main__":
    main()
