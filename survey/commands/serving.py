"""
Granian with listening sockets that outlive its processes, so that a reload loses no connection.

By itself granian loses some. Each of its processes listens on a socket of its own, and what waits there
unseen is reset when the process ends. A process that is told to end closes every connection over which no
request has come yet, also one that was opened a moment before. And none waits until its successor serves.
Here each place for a process has a socket, handed down to every process that takes it: who waits, waits for
whichever is next. A process that is to end goes on until its successor has begun, then stops taking
connections, and is told to end when those it took have had time to say what they want (docs/decisions/0162).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any, Final

from granian._granian import SocketHolder
from granian.server.mp import MPServer, WorkerProcess

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LEAVE: Final = signal.SIGUSR1
SECONDS_TO_SPEAK: Final = 1.0
"""For a connection to say what it wants: several times the way round the earth."""
LOOK_SECONDS: Final = 0.1
WAITING: Final = 1024
"""So many connections may wait to be taken."""

_leaving: Final = threading.Event()


def listening(host: str, port: int) -> socket.socket:
    """
    Listen, together with others who do so by this; the kernel deals connections out among them.

    Raises:
        OSError: If something else does, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.create_server((host, port), family=family, backlog=WAITING, reuse_port=True)
    # Inherited by each connection: a short answer is sent at once.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.settimeout(0)
    return made


@dataclass(frozen=True, slots=True)
class Loading:
    """Loads the application in its process, and then says so to the one that started it."""

    load: Callable[[], object]
    loaded: Event

    def __call__(self) -> object:
        """Load it."""
        made = self.load()
        self.loaded.set()
        return made


class LeavingProcess(WorkerProcess):
    """A process of the web that takes no connection any more before it is told to end."""

    def __init__(self, made: WorkerProcess, server: Server, loaded: Event) -> None:
        # What granian made of a dozen arguments, and has not started yet.
        vars(self).update(vars(made))
        self._server = server
        self.loaded = loaded

    def terminate(self) -> None:
        """Have it leave once its successor has begun, if one was started, and tell it to end thereafter."""
        self.interrupt_by_parent = True
        if self.inner.is_alive():
            self._server.await_newest()
        if self.inner.is_alive() and self.inner.pid is not None:
            os.kill(self.inner.pid, LEAVE)
        threading.Timer(SECONDS_TO_SPEAK, super().terminate).start()


class Server(MPServer):
    """Granian on sockets that were made before, one for each place that a process can take."""

    def __init__(self, target: str, sockets: Sequence[socket.socket], **options: Any) -> None:  # noqa: ANN401  Its own.
        # Nothing is to be gained by waiting a fixed time for what says itself when it has begun.
        host, port, *_ = sockets[0].getsockname()
        super().__init__(target, host, port, workers=len(sockets), respawn_interval=0, **options)
        self._sockets = sockets
        self._newest: LeavingProcess | None = None

    def serve_pages(self) -> None:
        """Serve until told to stop."""
        self.serve(spawn_target=serve_in_process)

    def _init_shared_socket(self) -> None:
        for each in self._sockets:
            each.set_inheritable(True)

    def _drop_shared_socket(self) -> None:
        for each in self._sockets:
            each.close()

    def _spawn_worker(  # type: ignore[override]  # Granian's own class for processes leaves an argument out too.
        self, idx: int, target: Callable[..., None], callback_loader: Callable[[], object]
    ) -> LeavingProcess:
        loaded = multiprocessing.Event()
        # What the next process is handed.
        self._sso = self._sockets[idx]
        made = super()._spawn_worker(idx, target, Loading(callback_loader, loaded))
        self._newest = LeavingProcess(made, self, loaded)
        return self._newest

    def await_newest(self) -> None:
        """Wait until the process that was started last has begun, or ended, or all are to."""
        newest = self._newest
        while newest is not None and newest.inner.is_alive() and not self.interrupt_signal:
            if newest.loaded.wait(LOOK_SECONDS):
                return


def serve_in_process(
    number: int,
    name: str,
    loader: object,
    handed: tuple[object, socket.socket],
    *rest: object,
) -> None:
    """Serve in a process of its own, on the socket that it was handed."""
    _made_of_nothing, shared = handed
    signal.signal(LEAVE, lambda *_: leave(shared))
    # Its number, whether it is one of the file system, and how many may wait.
    holder = SocketHolder(*(shared.fileno(), False, WAITING))  # type: ignore[call-arg]  # Its types lag behind.
    MPServer._spawn_wsgi_worker(number, name, loader, ((None, holder), shared), *rest)  # noqa: SLF001


def leave(shared: socket.socket) -> None:
    """
    Take no connection any more from `shared`, which its successor goes on with.

    Another socket takes its place under its number, on which nobody ever calls: the server, which knows the
    number only, finds nobody waiting there.
    """
    _leaving.set()
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        nobody.settimeout(0)
        os.dup2(nobody.fileno(), shared.fileno())


def saying_goodbye(application: WSGIApplication) -> WSGIApplication:
    """Close each connection after the answer that is under way over it, once the process is leaving."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        def closing(
            status: str,
            headers: list[tuple[str, str]],
            *more: Any,  # noqa: ANN401  Passed on.
        ) -> Callable[[bytes], object]:
            # Asked only now: it may have begun to leave while it worked on the answer.
            if _leaving.is_set() and all(name != "Connection" for name, _ in headers):
                headers = [*headers, ("Connection", "close")]
            return start(status, headers, *more)

        return application(environ, closing)

    return answer
