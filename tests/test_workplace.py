"""Runs of a program that writes into the directory where it runs do not meet there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.bench.workplace import PASSED_OVER, Workplace

LIMIT = 60


def test_the_first_run_is_made_alone(tmp_path: Path) -> None:
    """A second one that is asked for meanwhile waits until the first has told."""
    workplace = Workplace(tmp_path)
    begun, told = threading.Event(), threading.Event()
    order = []

    def second() -> None:
        begun.wait(LIMIT)
        with workplace.turn():
            order.append("second")

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(second)
        with workplace.turn():
            begun.set()
            assert not told.wait(0.05)  # the second has had time to go wrong
            order.append("first")
        waiting.result(LIMIT)
    assert ["first", "second"] == order


def overlaps(workplace: Workplace, patience: float = LIMIT) -> bool:
    """Whether two further runs can be made at once."""
    both = threading.Barrier(2)

    def meet() -> bool:
        with workplace.turn():
            try:
                both.wait(patience)
            except threading.BrokenBarrierError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        met = [pool.submit(meet) for _ in range(2)]
    return all(each.result(LIMIT) for each in met)


def test_runs_that_write_nothing_there_are_made_at_once(tmp_path: Path) -> None:
    """What lies there is read, and remains as it is."""
    (tmp_path / "words.txt").write_text("a b")
    workplace = Workplace(tmp_path)
    with workplace.turn():
        (tmp_path / "words.txt").read_text()
    assert overlaps(workplace)


@pytest.mark.parametrize("what", ["creates", "appends", "removes what it made", "deep within"])
def test_runs_that_write_there_are_made_one_at_a_time(tmp_path: Path, what: str) -> None:
    """Whatever is left of it; also those of another program of the example."""
    (tmp_path / "data" / "more").mkdir(parents=True)
    (tmp_path / "log.txt").write_text("begun\n")
    workplaces = [Workplace(tmp_path), Workplace(tmp_path)]
    for workplace in workplaces:
        with workplace.turn():
            match what:
                case "creates":
                    (tmp_path / f"new-{id(workplace)}").touch()
                case "appends":
                    with (tmp_path / "log.txt").open("a") as log:
                        log.write("more\n")
                case "removes what it made":
                    (tmp_path / "new").touch()
                    (tmp_path / "new").unlink()
                case _:
                    (tmp_path / "data" / "more" / f"new-{id(workplace)}").touch()
    assert not overlaps(workplaces[0], patience=0.1)
    taken = threading.Event()

    def take_the_others() -> None:
        with workplaces[1].turn():
            taken.set()

    with ThreadPoolExecutor() as pool:
        with workplaces[0].turn():
            pool.submit(take_the_others)
            assert not taken.wait(0.05)  # it has had time to go wrong
        assert taken.wait(LIMIT)


def test_what_others_write_there_counts_for_nothing(tmp_path: Path) -> None:
    """Builds and caches are none of the program's."""
    for name in PASSED_OVER:
        (tmp_path / name).mkdir()
    workplace = Workplace(tmp_path)
    with workplace.turn():
        for name in PASSED_OVER:
            (tmp_path / name / "new").touch()
    assert overlaps(workplace)


def test_a_directory_that_is_gone_is_nothing_to_wait_for(tmp_path: Path) -> None:
    """A run that fails tells nothing; the next one is the first."""
    workplace = Workplace(tmp_path / "gone")
    with pytest.raises(ZeroDivisionError), workplace.turn():
        raise ZeroDivisionError
    with workplace.turn():
        pass
    assert overlaps(workplace)
