import threading

seen = {}
meet = threading.Barrier(3)


def note():
    me = threading.current_thread()
    seen[me.name] = (threading.get_ident() == me.ident, me.native_id == threading.get_native_id())
    meet.wait()


threads = [threading.Thread(target=note, name=name) for name in ("left", "right")]
print("before:", threads[0].ident, repr(threads[0]))
for thread in threads:
    thread.start()
meet.wait()
idents = {thread.ident for thread in threads} | {threading.main_thread().ident}
print("different:", len(idents))
for thread in threads:
    thread.join()
print("agree:", all(all(pair) for pair in seen.values()), *sorted(seen))
print("after:", repr(threads[1]).split(" ")[1].rstrip(","))
