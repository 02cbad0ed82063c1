import threading

state = threading.local()
state.user = "nobody"
seen = {}


def serve(user):
    had = hasattr(state, "user")
    state.user = user
    seen[user] = had


threads = [threading.Thread(target=serve, args=(user,)) for user in ("ann", "ben", "eve")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for user in sorted(seen):
    print(f"{user} found something: {seen[user]}")
print(f"main is {state.user}")
