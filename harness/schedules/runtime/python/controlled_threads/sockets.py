"""Sockets whose waits are the scheduler's: the methods of `socket.socket` that can block."""

from __future__ import annotations

import os

from .descriptors import READABLE, WRITABLE, await_ready

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Optional

    from .scheduler import Scheduler

_NETWORK_PATIENCE_NS = 20_000_000
"""Real time that loopback gets, when nobody can run, before the virtual clock moves."""


class Sockets:
    """The changes to the module `socket`."""

    __slots__ = ("_module", "_scheduler")

    def __init__(self, scheduler: Scheduler, module: ModuleType) -> None:
        self._scheduler = scheduler
        self._module: Any = module

    def install(self) -> None:
        """Lay the replaced methods over those that the class inherits."""
        for name in ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "_accept"):
            self._wrap(name, READABLE)
        for name in ("sendto", "sendmsg"):
            self._wrap(name, WRITABLE)
        kind = self._module.socket
        kind.send, kind.sendall, kind.connect = self._send(), self._sendall(), self._connect()

    def _wrap(self, name: str, events: int) -> None:
        operation = getattr(self._module.socket, name)

        def waiting(socket: Any, *args: Any) -> Any:
            self._await(socket, events)
            return operation(socket, *args)

        waiting.__name__ = name
        setattr(self._module.socket, name, waiting)

    def _await(self, socket: Any, events: int) -> None:
        """Under control, wait as the socket's timeout says; one that does not block may go on."""
        if not self._scheduler.controls():
            return
        timeout = socket.gettimeout()
        if timeout == 0:
            self._scheduler.point()
        else:
            self._await_ready(socket, events, timeout)

    def _await_ready(
        self, socket: Any, events: int, timeout: Optional[float], kind: str = ""
    ) -> None:
        if socket.family != self._module.AF_UNIX:
            self._scheduler.patience_ns = _NETWORK_PATIENCE_NS
        if not await_ready(self._scheduler, socket.fileno(), events, timeout, kind):
            raise self._module.timeout("timed out")

    def _send(self) -> Any:
        send_now = self._module.socket.send
        at_once = self._module.MSG_DONTWAIT

        def send(socket: Any, data: Any, flags: int = 0) -> int:
            controlled = self._scheduler.controls() and socket.gettimeout() != 0
            while True:
                self._await(socket, WRITABLE)
                try:
                    return int(send_now(socket, data, flags | at_once if controlled else flags))
                except BlockingIOError:
                    if not controlled:
                        raise

        return send

    def _sendall(self) -> Any:
        send_all = self._module.socket.sendall

        def sendall(socket: Any, data: Any, flags: int = 0) -> None:
            if not self._scheduler.controls():
                send_all(socket, data, flags)
                return
            rest = memoryview(data).cast("B")
            while rest:
                rest = rest[socket.send(rest, flags) :]

        return sendall

    def _connect(self) -> Any:
        connect_now = self._module.socket.connect

        def connect(socket: Any, address: Any) -> None:
            timeout = socket.gettimeout()
            if timeout == 0 or not self._scheduler.controls():
                connect_now(socket, address)
                return
            socket.settimeout(0)
            try:
                connect_now(socket, address)
            except BlockingIOError:
                self._await_connection(socket, timeout)
            finally:
                socket.settimeout(timeout)

        return connect

    def _await_connection(self, socket: Any, timeout: Optional[float]) -> None:
        self._await_ready(socket, WRITABLE, timeout, "connect")
        code = socket.getsockopt(self._module.SOL_SOCKET, self._module.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))
