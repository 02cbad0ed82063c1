"""Servers: the runs that they make are those that are made without, and no run is lost with one."""

from __future__ import annotations

import os
import resource
import signal
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.bench.options import Options
from harness.commands.shared import default_toolchains
from harness.language.discovery import find_examples, load_each, select
from harness.machine.process import (
    Command,
    Completed,
    clean_environment,
    end_all_processes,
    marks,
)
from harness.machine.process.serving import Server, ServerLost, ServerUnfit
from harness.machine.process.spawning import Child, opened_channels
from harness.schedules.common import leading_imports
from harness.schedules.controlled import REQUEST, lasting_variables, request_of
from harness.schedules.memory import PLACE_LENGTH, MemoryFile, place_of_server, run_place
from harness.schedules.names import parse_schedule
from harness.schedules.serving import MOST_LOSSES, Servers, run_served, serving
from harness.schedules.world import compile_world
from harness.values.program import Side
from harness.values.run import Exited
from tests.bench.served import compare, controlled_requests

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control is for Linux")

STATE = Path(".harness")
Runner = Callable[[], tuple[Completed, str]]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library under a controlled interpreter."""
    found = compile_world(tmp_path_factory.mktemp("world"))
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture
def scripted(world: Path, tmp_path: Path) -> Callable[[str], Runner]:
    """Gives for a script what runs it under one schedule: what it gave, and its log."""

    def prepare(text: str) -> Runner:
        script = tmp_path / "main.py"
        script.write_text(textwrap.dedent(text), encoding="utf-8")
        return lambda: _run(script, world)

    return prepare


def _run(script: Path, world: Path) -> tuple[Completed, str]:
    with run_place() as place, MemoryFile() as file:
        schedule = parse_schedule("random:7")
        lasting = lasting_variables(Side.PYTHON, granularity="gil", script=script)
        variables = {REQUEST: file.place, "LD_PRELOAD": str(world), **place.variables}
        command = Command(
            argv=(sys.executable, script.name, "one", "two"),
            cwd=script.parent,
            environment=clean_environment({**lasting, **variables}),
            terminal=True,
            address_randomisation=False,
        )
        asked = request_of(schedule, file.place, place)
        return run_served(command, asked, file), file.read()


def _both(run: Runner) -> tuple[tuple[Completed, str], tuple[Completed, str]]:
    """One run that was started for itself, and one that a server made."""
    with serving(1) as servers:
        alone = run()
        served = run()
        assert not servers.unfit
        assert not servers.lost
        assert servers._open
    return alone, served


# --- the same runs ----------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
def test_a_server_makes_the_same_runs_of_the_corpus(side: Side) -> None:
    """Output, ending, log and verdict, byte for byte: of a sample of the examples."""
    names = ("spawn", "lock-order")
    specs = load_each(select(find_examples((Path("examples"),)), names)).specs
    toolchains = [t for t in default_toolchains((side,)) if t.side is side]
    options = Options(schedules=1, runs=0, sides=(side,), state=STATE)
    for request in controlled_requests(specs, toolchains, options):
        compared, servers = compare(request, 4)
        assert compared.unlike == ()
        assert not servers.unfit


STATE_OF_A_PROCESS = """
    import os, queue, random, signal, sys, tempfile, threading, time
    print(sys.argv, sorted(sys.modules), os.getcwd(), sys.path[1:])
    print(sorted(name for name in os.environ if "HARNESS" in name or "PRELOAD" in name))
    print(threading.get_native_id() == os.getpid() == threading.main_thread().native_id)
    print([(int(s), str(signal.getsignal(s))) for s in signal.valid_signals()])
    print(sorted(os.listdir("/proc/self/fd")), os.getpgid(0) == os.getpid() == os.getsid(0))
    print(random.random(), hash("text"), time.time(), id(object()), id(print), os.getppid())
    print(sys.stdout.line_buffering, sys.stdin.read(), threading.stack_size(), sys.flags)
    print(os.listdir(os.environ["TMPDIR"]), tempfile.mkstemp()[1].rpartition("/")[2])
    seen = []
    def work():
        for _ in range(3):
            seen.append(threading.current_thread().name)
            print(*seen)
    threads = [threading.Thread(target=work) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def test_a_run_of_a_server_finds_a_clean_state(scripted: Callable[[str], Runner]) -> None:
    """Whatever a program can see of its process is what it sees when it is started alone."""
    alone, served = _both(scripted(STATE_OF_A_PROCESS))
    assert alone[0].ending == Exited(0)
    assert alone[0].stdout.decode() == served[0].stdout.decode()
    assert alone[1] == served[1]
    assert alone[0].stderr == served[0].stderr == b""


def test_a_run_of_a_server_is_marked_before_its_first_step(
    scripted: Callable[[str], Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the server itself: what a run starts at once would be lost to whoever marks it later."""
    ask = resource.prlimit
    monkeypatch.setattr(resource, "prlimit", lambda pid, which, *_: ask(pid, which))
    script = "import resource\nprint(resource.getrlimit(resource.RLIMIT_RTTIME)[0] >> 32)\n"
    alone, served = _both(scripted(script))
    assert f"{marks.token()}\n".encode() == alone[0].stdout == served[0].stdout


SAY = "import os\ndef say(*_, write=os.write): write(1, b'gone\\n')\n"


@pytest.mark.parametrize(
    ("text", "code", "last"),
    [
        ("print('done')", 0, b"done\n"),
        ("import sys\nprint('out')\nsys.exit(3)", 3, b"out\n"),
        ("print('out')\nraise SystemExit(4)", 4, b"out\n"),
        ("print('out')\nraise SystemExit", 0, b"out\n"),
        ("print('out')\nraise SystemExit('why')", 1, b"out\n"),
        ("print('out')\nexit(5)", 5, b"out\n"),
        ("print('out')\nraise ValueError", 1, b"out\n"),
        ("import os\nprint('out', flush=True)\nos._exit(6)", 6, b"out\n"),
        ("import atexit\natexit.register(print, 'late')", 0, b"late\n"),
        ("from threading import Timer\nTimer(1, lambda: print('thread')).start()", 0, b"thread\n"),
        (SAY + "class A:\n    def __del__(self): say()\na = A()", 0, b"gone\n"),
        (
            SAY + "class A: pass\nclass B(A):\n    def __del__(self): say()\na = B()\na.me = a",
            0,
            b"gone\n",
        ),
        (
            SAY
            + "def f():\n    try:\n        yield\n    finally:\n        say()\ng = f()\nnext(g)",
            0,
            b"gone\n",
        ),
        (
            SAY + "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, say)",
            0,
            b"gone\n",
        ),
        ("async def work(): pass\nprint('out')\nc = work()", 0, b"out\n"),
        (
            SAY + "import threading\nclass A:\n    def __del__(self): say()\n"
            "own = threading.local()\nown.a = A()",
            0,
            b"gone\n",
        ),
    ],
)
def test_a_program_ends_as_ever(
    scripted: Callable[[str], Runner], text: str, code: int, last: bytes
) -> None:
    """With its own code, and after all that happens when its last objects go."""
    for completed, log in _both(scripted(text)):
        assert completed.ending == Exited(code)
        assert completed.stdout.endswith(last)
        assert log.splitlines()[-1].startswith("end exit")
        assert (b"never awaited" in completed.stderr) == ("async" in text)


OF_ITS_OWN = """
import collections, threading
Pair = collections.namedtuple("Pair", "one other")
own = threading.local()
own.pair = Pair(1, 2)
thread = threading.Thread(target=lambda: setattr(own, "pair", Pair(3, 4)))
thread.start()
thread.join()
"""
CONTEXT = """
import contextvars, threading
variable = contextvars.ContextVar("variable")
variable.set([1, 2])
"""
UNDER_WAY = """
def count():
    yield 1
    yield 2
counting = count()
next(counting)
"""


@pytest.mark.parametrize("text", [OF_ITS_OWN, CONTEXT])
def test_what_goes_in_silence_need_not_go(scripted: Callable[[str], Runner], text: str) -> None:
    """The interpreter of such a program is not taken down, which touches all that there is."""
    silent = _least_faults(scripted(text))
    loud = _least_faults(scripted(text + UNDER_WAY))
    assert silent < loud - 100


def _least_faults(run: Runner) -> int:
    """How many pages the runs of a server had to be given, at least."""
    found = []
    with serving(1) as servers:
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
            assert run()[0].ending == Exited(0)
            found.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before)
        assert servers._open
    return min(found)


def test_a_file_that_nobody_closes_is_written(scripted: Callable[[str], Runner]) -> None:
    """Its buffer is written when it goes, with the interpreter's last objects."""
    run = scripted("f = open('left.txt', 'a')\nf.write('kept ')\nprint('out')")
    with serving(1):
        first, _ = run(), run()
    assert first[0].ending == Exited(0)
    assert _left(run).read_text() == "kept kept "


def _left(run: Runner) -> Path:
    return _directory_of(run) / "left.txt"


def _directory_of(run: Runner) -> Path:
    (cell,) = [c.cell_contents for c in run.__closure__ or () if c.cell_contents.name == "main.py"]
    return Path(cell.parent)


# --- runs that are not over in a moment ---------------------------------------------------

LEAVES = """
    import os, subprocess, sys
    print('out', flush=True)
    subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(0.05); print("late")'])
    os._exit(3)
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import sys\nprint('out')\nprint('x' * 40_000)\nsys.exit(3)", 3),
        ("import sys\nprint('out')\nsys.stderr.write('x' * 40_000)\nsys.exit(3)", 3),
        ("print('out')\nfor _ in range(20_000): pass\nexit(3)", 3),
        ("import os\nprint('out', flush=True)\nos.close(1)\nos.close(2)\nos._exit(3)", 3),
        (LEAVES, 3),
    ],
)
def test_what_a_server_follows_no_longer_is_followed_here(
    scripted: Callable[[str], Runner], text: str, code: int
) -> None:
    """Nothing of it is lost: neither what the server had read, nor what comes later."""
    alone, served = _both(scripted(text))
    assert alone[0].ending == served[0].ending == Exited(code)
    assert served[0].stdout.startswith(b"out\n")
    assert served[0].stdout == alone[0].stdout
    assert served[0].stderr == alone[0].stderr
    assert served[0].stray_processes == alone[0].stray_processes
    assert alone[1] == served[1]


DETACHED = """
    import os, time
    print('out', flush=True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for each in range(3):
                os.close(each)
            time.sleep(600)
        os._exit(0)
"""


def test_what_a_run_leaves_without_an_output_is_ended(scripted: Callable[[str], Runner]) -> None:
    """Though the server sees that the run has ended, and that nobody has its outputs open."""
    alone, served = _both(scripted(DETACHED))
    assert alone[0].stray_processes == served[0].stray_processes == 1
    assert alone[0].stdout == served[0].stdout == b"out\n"


def test_a_run_that_is_to_stop_is_ended_when_its_server_lets_it_go(
    scripted: Callable[[str], Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All were ended while nobody here knew its number: it is ended once that is known."""
    run = scripted("import os\nprint('out', flush=True)\nwhile os.path.exists('endless'): pass")
    follow = Server._followed

    def interrupted(*asked: Any) -> Child | None:
        child = follow(*asked)
        assert child is not None
        assert not child.has_ended
        end_all_processes()
        return child

    with serving(1):
        run(), run()
        monkeypatch.setattr(Server, "_followed", interrupted)
        Path(_directory_of(run), "endless").touch()
        assert run()[0].stopped


def test_several_threads_have_a_server_each(scripted: Callable[[str], Runner]) -> None:
    """And what they are is what the first was; at the end none is left."""
    run = scripted(STATE_OF_A_PROCESS)
    with serving(1) as servers, ThreadPoolExecutor(2) as pool:
        run(), run()
        (server,) = servers._open.values()
        while len(server.pids) < 2:
            wait([pool.submit(run), pool.submit(run)])
        found = list(pool.map(lambda _: run(), range(6)))
        pids = server.pids
        assert not servers.lost
    assert len({completed.stdout for completed, _ in found}) == 1
    assert len({log for _, log in found}) == 1
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


# --- lost servers -----------------------------------------------------------------------


def test_a_server_that_is_killed_while_it_follows_a_run(
    scripted: Callable[[str], Runner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is made again, and what had begun is ended: nobody else would know of it."""
    monkeypatch.setattr("harness.machine.process.serving.MOMENT_SECONDS", 30.0)
    run = scripted(
        "import os\nos.mkfifo(f'{os.getpid()}.one')\nwhile not os.path.exists('go'): pass"
    )
    place = _directory_of(run)
    with serving(1) as servers, ThreadPoolExecutor(1) as pool:
        Path(place, "go").touch()
        run(), run()
        Path(place, "go").unlink()
        (server,) = servers._open.values()
        known = {*place.glob("*.one")}
        running = pool.submit(run)
        while not (new := {*place.glob("*.one")} - known):
            pass
        os.kill(server.pids[0], signal.SIGKILL)
        Path(place, "go").touch()
        assert running.result()[0].ending == Exited(0)
        assert len(servers.lost) == 1
    assert not any(Path(f"/proc/{each.stem}").exists() for each in new)


def test_a_server_that_is_killed_costs_no_run(scripted: Callable[[str], Runner]) -> None:
    """The run is made without it, that is told, and the next has a new one."""
    run = scripted("print('done')")
    with serving(1) as servers:
        run(), run()
        (first,) = servers._open.values()
        os.kill(first.pids[0], signal.SIGKILL)
        os.waitid(os.P_PID, first.pids[0], os.WEXITED | os.WNOWAIT)
        assert run()[0].stdout == b"done\n"
        assert len(servers.lost) == 1
        assert run()[0].stdout == b"done\n"
        (second,) = servers._open.values()
        assert second is not first


def test_a_program_that_loses_its_servers_is_given_up(scripted: Callable[[str], Runner]) -> None:
    """It has no further one, and all of its runs."""
    run = scripted("print('done')")
    with serving(1) as servers:
        run()
        for _ in range(MOST_LOSSES):
            run()
            (server,) = servers._open.values()
            os.kill(server.pids[0], signal.SIGKILL)
            os.waitid(os.P_PID, server.pids[0], os.WEXITED | os.WNOWAIT)
            assert run()[0].stdout == b"done\n"
        assert run()[0].stdout == b"done\n"
        assert not servers._open


FAKE = """
    import os, socket, struct, sys
    place = os.environ["HARNESS_SCHEDULE_REQUEST"]
    ours = socket.socket(fileno=int(place.partition(":")[2]))
    for answer in map(int, sys.argv[1:]):
        ours.send(struct.pack("i", answer))
        ours.recvmsg(100000, 4096)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Callable[..., Command]:
    """A program that is asked to serve, and answers with these numbers."""

    def command(*answers: int) -> Command:
        script = tmp_path / "fake.py"
        script.write_text(textwrap.dedent(FAKE), encoding="utf-8")
        return Command(
            argv=(sys.executable, script.name, *map(str, answers)),
            cwd=tmp_path,
            environment=clean_environment(),
        )

    return command


def _place(descriptor: int) -> tuple[str, str]:
    return REQUEST, place_of_server(descriptor)


def test_a_full_table_of_processes_is_told(fake: Callable[..., Command]) -> None:
    """The server has no process to give: the run is to be started otherwise."""
    command = fake(0, -11)
    server = Server(command, _place)
    channels = opened_channels(command)
    with pytest.raises(ServerLost, match="error 11"):
        server.make(b"", channels, None)
    channels.close_ours()
    channels.close_theirs()
    server.close()


def test_a_server_that_has_no_terminal_to_give_is_given_one(fake: Callable[..., Command]) -> None:
    """It is asked for a process on streams of ours, from then on."""
    command = replace(fake(0, -38, -11, -12), terminal=True)
    server = Server(command, _place)
    with pytest.raises(ServerLost, match="error 11"):
        server.start(b"", command)
    with pytest.raises(ServerLost, match="error 12"):
        server.start(b"", command)
    server.close()


@pytest.mark.parametrize(("answers", "why"), [((-1,), "threads"), ((), "did not come")])
def test_a_program_that_cannot_be_served_says_so(
    fake: Callable[..., Command], answers: tuple[int, ...], why: str
) -> None:
    """Whether it answers that, or ends."""
    with pytest.raises(ServerUnfit, match=why):
        Server(fake(*answers), _place)
    servers = Servers(1)
    command = fake(*answers)
    assert servers.of(command) is None  # the first run is made without
    assert servers.of(command) is None
    assert [why in reason for reason in servers.unfit.values()] == [True]


# --- what runs begin with ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import queue\nimport os, sys\nprint()\nimport json", "queue os sys"),
        ('"""Doc."""\nfrom __future__ import annotations\nimport queue', "queue"),
        ("from concurrent.futures import wait, Future as F", "concurrent.futures:wait,Future"),
        ("import queue\nimport mine\nimport os", "queue"),
        ("import queue, mine", ""),
        ("from . import x\nimport os", ""),
        ("import queue\n'text'\nimport os", "queue"),
        ("import (", ""),
    ],
)
def test_the_imports_that_a_script_begins_with(tmp_path: Path, text: str, expected: str) -> None:
    """They are the library's, in their order, up to whatever else there is."""
    script = tmp_path / "main.py"
    script.write_text(text, encoding="utf-8")
    assert leading_imports(script) == expected


def test_a_file_with_the_name_of_a_library_module(tmp_path: Path) -> None:
    """Then nothing is imported early: the script would get another module."""
    script = tmp_path / "main.py"
    script.write_text("import tempfile\n", encoding="utf-8")
    (tmp_path / "random.py").write_text("", encoding="utf-8")
    assert leading_imports(script) == ""


def test_all_places_are_named_at_one_length() -> None:
    """What a program is started with moves nothing in its memory."""
    with MemoryFile() as one, MemoryFile() as other:
        assert {len(one.place), len(other.place)} == {PLACE_LENGTH}
        assert len(place_of_server(3)) == len(place_of_server(1023)) == PLACE_LENGTH
        other.fill(b"longer")
        other.fill(b"text")
        assert Path(other.place).read_text() == other.read() == "text"
        Path(other.place).write_text("the record")
        assert other.read() == "the record"


def test_a_directory_that_was_used_is_given_to_nobody_else() -> None:
    """One that was left empty is: names that come again would else meet their files."""
    with run_place() as first:
        pass
    with run_place() as second:
        assert second == first
        Path(second.home, "file").touch()
    with run_place() as third:
        assert third != first
        assert not any(list(Path(path).iterdir()) for path in third)
        assert [len(path) for path in third] == [len(path) for path in first]
    assert not Path(first.home).parent.exists()


def test_the_memory_of_a_server_stays_where_it_is(scripted: Callable[[str], Runner]) -> None:
    """It keeps nothing of the runs that it makes."""
    run = scripted("print('done')")
    with serving(1) as servers:
        for _ in range(10):
            run()
        (server,) = servers._open.values()
        before = _memory(server.pids[0])
        for _ in range(100):
            run()
        assert _memory(server.pids[0]) <= before
        # It shuts what it had of a run after it has answered: the last one's may still be open.
        own, of_the_last = 4, 3
        assert own <= _open_files(server.pids[0]) <= own + of_the_last


def _memory(pid: int) -> int:
    """KiB of memory that a process has to itself or shares with its children.

    Of its pages one by one: the sum in ``status`` is kept by processor, and lags behind.
    """
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (size,) = [int(line.split()[1]) for line in lines if line.startswith("Anonymous:")]
    return size


def _open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
