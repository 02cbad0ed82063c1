"""Which neighbours are shown to commute, and which near misses are not."""

from __future__ import annotations

import pytest

from harness.proof.mutants import make_mutants
from harness.proof.mutants.equivalence import why_equivalent
from harness.values.program import Program, Side

PYTHON = Program(name="main", side=Side.PYTHON, path="main.py")
RUST = Program(name="main", side=Side.RUST, path="src/main.rs")

OWN = """\
def main():
    print("begin")
    found = []
    use(found)
"""
COUNT = """\
def main(names):
    done = 0
    for name in names:
        print(f"served {name}")
        done += 1
    use(done)
"""
TURN = """\
import asyncio


async def main(task):
    task.cancel()
    print("told")
    await task
"""
FRESH = """\
import asyncio


async def main():
    bell = asyncio.Event()
    bell.set()
    task = asyncio.create_task(ring(bell))
    await task


async def ring(bell):
    print("rings")
"""
ALONE = """\
import asyncio


async def numbers():
    number = 0
    while True:
        number += 1
        await asyncio.sleep(0)
        yield number


async def main():
    async for number in numbers():
        print(number)
"""
NOTIFY = """\
def deliver(door):
    with door.bell:
        print(f"{door.parcels} there")
        door.bell.notify()
"""


def _shown(program: Program, source: str) -> list[int]:
    """The lines of the swaps that no run can tell, as far as a rule shows it."""
    mutants = make_mutants("topic/name", program, source)
    return [m.line for m in mutants if m.operator == "swap-statements" and why_equivalent(m)]


def _changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new)


@pytest.mark.parametrize(
    ("source", "old", "new", "lines"),
    [
        (OWN, "", "", [2]),
        (OWN, "found = []", "found = queue.Queue()", [2]),
        (OWN, "found = []", "found = look()", []),
        (OWN, "found = []", "found = Thread(target=f)", [2]),
        (OWN, "found = []", "found = [Thread(target=f) for _ in range(2)]", [2]),
        (OWN, 'print("begin")', "use(Thread(target=g))", [2]),
        (OWN, 'print("begin")\n    found = []', "g(Thread())\n    found = Thread(target=f)", []),
        (OWN, 'print("begin")\n    found = []', "begin()\n    found = Thread(target=f)", []),
        (OWN, "found = []", "found, other = [], {}", [2]),
        (OWN, "found = []", "found: list[int] = []", [2]),
        (OWN, "found = []", "found = [name for name in names]", []),
        # The name is known elsewhere, or was before.
        (OWN, "def main", "found = [1]\n\n\ndef main", [4 + 1]),
        (OWN, "    print", "    global found\n    print", []),
        (OWN, "    print", "    look = lambda: found\n    print", []),
        (OWN, "    print", "    found = [1]\n    print", [2]),
        (OWN, "    print", "    look = (found for _ in names)\n    print", []),
        (OWN, 'print("begin")', "try:\n        f()\n    except E as found:\n        g()", []),
        (OWN, 'print("begin")', "print(locals())", []),
        (OWN, 'print("begin")', "for name in names:\n        print(name)", [2]),
        (OWN, 'print("begin")', "for found in names:\n        print(found)", []),
        (OWN, "found = []", "found = [first]", [2]),
        (OWN, 'print("begin")\n    found = []', "first = f()\n    found = [first]", []),
        # In a loop the one of the last round is dropped; after a `try` one sees what is bound.
        (OWN, "def main():\n", "def main():\n  while True:\n", []),
        (
            OWN,
            'main():\n    print("begin")\n    found = []',
            "main():\n    try:\n        f()\n        found = []\n    except E:\n        pass",
            [],
        ),
    ],
)
def test_what_is_made_for_its_own_function(
    source: str, old: str, new: str, lines: list[int]
) -> None:
    """A new thing that nobody else knows may be made sooner or later."""
    assert lines == _shown(PYTHON, _changed(source, old, new))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [4]),
        ("{name}", "{done}", []),
        ("done += 1", "done += len(name)", [4]),
        ("done += 1", "done += name", []),
        ("done = 0", "done = start()", []),
        ("    use(done)", "    use(lambda: done)", []),
        ("def main(names", "def main(names, done", []),
        ('print(f"served {name}")', "serve(name)", []),
    ],
)
def test_a_number_of_ones_own(old: str, new: str, lines: list[int]) -> None:
    """Whoever counts for himself may do so before or after he has said something else."""
    assert lines == _shown(PYTHON, _changed(COUNT, old, new))


@pytest.mark.parametrize(
    ("source", "old", "new", "lines"),
    [
        (TURN, "", "", [5]),
        (TURN, 'print("told")', "print(task)", []),
        (TURN, 'print("told")', 'print("told"); await task', [5]),
        (TURN, "task.cancel()", "await task.cancel()", []),
        (TURN, "task.cancel()", "task.close()", []),
        (TURN, "import asyncio", "import asyncio\nimport threading", []),
        (TURN, "await task", "await asyncio.to_thread(task)", []),
        (TURN, "task.cancel()", "task.put_nowait(1)", [5]),
        (TURN, "task.cancel()", "task.put_nowait(1); asyncio.Queue(1)", []),
        (TURN, "await task", "task.shutdown()", [5]),
        (TURN, "task.cancel()", "task.put_nowait(1); task.shutdown()", []),
        (TURN, "async def main", "def cancel():\n    pass\n\n\nasync def main", []),
        (FRESH, "", "", [6]),
        (FRESH, "bell = asyncio.Event()", "bell = asyncio.Event(); await g()", [5]),
        (FRESH, "bell = asyncio.Event()", "bell = given", []),
        (FRESH, "async def ring", "@shown\nasync def ring", []),
    ],
)
def test_between_two_awaits(source: str, old: str, new: str, lines: list[int]) -> None:
    """Who is woken has its turn when this one awaits, where one thread has all the turns."""
    assert lines == _shown(PYTHON, _changed(source, old, new))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [7, 8]),
        ("asyncio.sleep(0)", "asyncio.sleep(1)", []),
        ("print(number)", "asyncio.create_task(f(number))", []),
        ("numbers():\n        print", "numbers():\n        numbers()\n        print", []),
        ("    while True:", "    try:\n        pass\n    finally:", []),
    ],
)
def test_a_turn_that_nobody_takes(old: str, new: str, lines: list[int]) -> None:
    """Where there is one task, to hand over is to do nothing."""
    assert lines == _shown(PYTHON, _changed(ALONE, old, new))


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [3]),
        ("notify()", "notify_all()", [3]),
        ("notify()", "release()", []),
        ("with door.bell", "with door.lock", []),
        ("with door.bell:", "with door.bell:\n        door = next(doors)", []),
        ("with door.bell:", "with door.bell:\n        door.bell.release()", []),
        ("{door.parcels}", "{count(door)}", []),
        ('print(f"{door.parcels} there")', "door.parcels += 1", [3]),
        ('print(f"{door.parcels} there")', "door.bell = other", []),
        ("def deliver", "def notify():\n    pass\n\n\ndef deliver", []),
    ],
)
def test_notified_under_the_lock(old: str, new: str, lines: list[int]) -> None:
    """Who is notified cannot go on before the lock is free."""
    assert lines == _shown(PYTHON, _changed(NOTIFY, old, new))


RUST_OWN = """\
fn main() {
    println!("begin");
    let found = Arc::new(Mutex::new(0));
    show(&found);
}
"""
RUST_GUARD = """\
struct Guard;

async fn work(name: &str) {
    println!("begin {name}");
    let guard = Guard;
    show(&guard).await;
}
"""
RUST_TURN = """\
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(work(1));
    task.abort();
    println!("told");
    task.await;
}

async fn work(n: u32) {
    println!("{n}");
}
"""
RUST_ALONE = """\
async fn main() {
    let mut n = 0;
    n += 1;
    yield_now().await;
    println!("{n}");
}
"""
RUST_LOCK = """\
fn new() -> Door {
    Door { lock: Mutex::new(0), bell: Condvar::new() }
}

fn deliver(door: &Door) {
    let mut parcels = door.lock.lock().unwrap();
    *parcels += 1;
    println!("delivered");
    door.bell.notify_one();
}
"""


@pytest.mark.parametrize(
    ("source", "old", "new", "lines"),
    [
        (RUST_OWN, "", "", [2]),
        (RUST_OWN, "Arc::new(Mutex::new(0))", "look()", []),
        (RUST_OWN, "Mutex::new(0)", "look()", []),
        (RUST_OWN, "Arc::new(Mutex::new(0))", "7", [2]),
        (RUST_OWN, "let found", "let (found, other)", [2]),
        (RUST_OWN, "Arc::new(Mutex::new(0))", "mpsc::channel()", [2]),
        (RUST_OWN, "begin", "begin {found}", []),
        (RUST_OWN, 'println!("begin")', "let _first = begin()", []),
        (RUST_OWN, "fn main", "struct Arc;\nfn main", []),
        (RUST_OWN, "show(&found)", "show(Arc::strong_count(&found))", []),
        (
            RUST_OWN,
            'println!("begin");\n    let found = Arc::new(Mutex::new(0))',
            "let start = 7;\n    let found = &start",
            [],
        ),
        (RUST_GUARD, "", "", [4]),
        (RUST_GUARD, "struct Guard;", "struct Guard(u32);", []),
        (RUST_GUARD, 'println!("begin {name}")', "begin(name)?", []),
    ],
)
def test_what_is_made_for_its_own_function_in_rust(
    source: str, old: str, new: str, lines: list[int]
) -> None:
    """A new thing of the library may be made sooner or later; a guard where nothing can fail."""
    assert lines == _shown(RUST, _changed(source, old, new))


RUST_COUNT = """\
fn main() {
    let mut running = 2;
    while running > 0 {
        println!("one more");
        running -= 1;
    }
}
"""


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "", [4]),
        ('println!("one more")', "serve()", [4]),
        ('println!("one more")', "serve()?", []),
        ("one more", "{running} more", []),
        ("running = 2", "running = 2u32", []),
        ("running > 0", "running > least", []),
        ("running -= 1", "running -= n", []),
    ],
)
def test_a_number_of_ones_own_in_rust(old: str, new: str, lines: list[int]) -> None:
    """What is only counted by ones may be counted before or after something else is done."""
    assert lines == [line for line in _shown(RUST, _changed(RUST_COUNT, old, new)) if line == 4]


@pytest.mark.parametrize(
    ("source", "old", "new", "lines"),
    [
        (RUST_TURN, "", "", [4]),
        (RUST_TURN, "current_thread", "multi_thread", []),
        (RUST_TURN, "work(1)", "begin(1)", [4]),
        (RUST_TURN, "told", "told {task}", []),
        (RUST_TURN, "async fn work", "fn abort() {}\n\nasync fn work", []),
        (RUST_TURN, "task.abort()", "task.abort().await", []),
        (RUST_TURN, "    task.abort();\n", "", [3]),
        (RUST_TURN, "task.abort();\n", "thread::spawn(f);\n    task.abort();\n", []),
        (RUST_ALONE, "", "", [3, 4]),
        (RUST_ALONE, "let mut n", "tokio::spawn(f());\n    let mut n", [2, 4]),
        (RUST_LOCK, "", "", [7, 8]),
        (RUST_LOCK, "*parcels += 1", "*parcels -= 1", [8]),
        (RUST_LOCK, "delivered", "delivered {parcels}", [8]),
        (RUST_LOCK, "door.bell.notify", "other.bell.notify", [7]),
        (RUST_LOCK, "*parcels += 1;", "*parcels += 1;\n    drop(parcels);", []),
        (RUST_LOCK, "fn new() -> Door", "#[x]\nstruct Other(Default);\nfn new() -> Door", [9]),
        (RUST_LOCK, "delivered", "{:parcels$} delivered", [8]),
        (RUST_LOCK, "Condvar::new()", "Condvar::new(), other: Condvar::new()", [7]),
        (RUST_LOCK, "*parcels += 1", "*parcels += 1u8", [8]),
        (RUST_LOCK, "door: &Door", "door: &Door, n: u8", []),
    ],
)
def test_who_cannot_go_on_before_both_in_rust(
    source: str, old: str, new: str, lines: list[int]
) -> None:
    """Neither a task of the same thread, nor whoever needs the lock."""
    assert lines == _shown(RUST, _changed(source, old, new))


def test_an_array_that_is_handed_on_is_captured_alike() -> None:
    """Literals and arrays of them are no captures; a generic function is a function."""
    source = 'fn send<T>(a: T) {}\nfn main() {\n    spawn(move || send(a, ["one", "two"]));\n}\n'
    mutants = make_mutants("topic/name", RUST, source)
    (mutant,) = (m for m in mutants if m.operator == "remove-move")
    assert why_equivalent(mutant)


PROCESSES = """\
from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def main():
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(list(pool.map(square, [1, 2])))
"""


@pytest.mark.parametrize(
    ("old", "new", "is_shown"),
    [
        ("", "", True),
        ("ProcessPoolExecutor", "ThreadPoolExecutor", False),
        ("return n", "print(n)\n    return n", False),
        ("return n * n", "return show(n)\n\n\ndef show(n):\n    print(n)", False),
        ("square, [1", "print, [1", False),
        ("list(pool.map(square, [1, 2]))", "next(as_completed([pool.submit(square, 1)]))", False),
        ("from concurrent", "import time\nfrom concurrent", False),
        ("max_workers=2", "max_workers=1", True),
    ],
)
def test_processes_that_nobody_can_watch(old: str, new: str, is_shown: bool) -> None:
    """How many work at once cannot be seen of jobs that only give something back."""
    mutants = make_mutants("topic/name", PYTHON, _changed(PROCESSES, old, new))
    sizes = [m for m in mutants if "+    with" in m.diff and "max_workers=0" not in m.source]
    assert sizes
    assert is_shown is all(map(why_equivalent, sizes))
    assert not any(why_equivalent(mutant, is_timed=True) for mutant in sizes)
