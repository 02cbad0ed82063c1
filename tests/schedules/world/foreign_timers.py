"""A timer that nobody follows, by a thread or by a signal, as the argument says."""

import ctypes
import sys

NOTIFICATIONS = {"thread": 2, "signal": 0}


class Event(ctypes.Structure):
    """As sigevent(7) has it."""

    _fields_ = [
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("function", ctypes.CFUNCTYPE(None, ctypes.c_void_p)),
        ("attributes", ctypes.c_void_p),
        ("rest", ctypes.c_uint64 * 4),
    ]


library = ctypes.CDLL(None, use_errno=True)
function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(print)
event = Event(signal=14, notify=NOTIFICATIONS[sys.argv[1]], function=function)
timer = ctypes.c_void_p()
print(library.timer_create(1, ctypes.byref(event), ctypes.byref(timer)))
print(library.timer_delete(timer))
