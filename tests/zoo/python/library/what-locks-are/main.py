import _thread
import copy
import pickle
import queue
import threading

things = {
    "Lock": threading.Lock(),
    "RLock": threading.RLock(),
    "Condition": threading.Condition(),
    "Event": threading.Event(),
    "Queue": queue.Queue(),
}
for name, thing in things.items():
    for refuse in (pickle.dumps, copy.deepcopy):
        try:
            refuse(thing)
            print(f"{name}: taken")
        except TypeError as error:
            print(f"{name}: {str(error).partition(' ')[0]}")
print("type:", type(things["Lock"]) is _thread.LockType, type(things["Lock"]).__name__)
print("repr:", repr(things["Lock"]).split(" object")[0])
print("held:", repr(things["RLock"]).split(" object")[0])
print("class:", isinstance(threading.Event(), threading.Event), threading.Timer.__mro__[1].__name__)
