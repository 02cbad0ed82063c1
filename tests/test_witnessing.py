"""What some run must show, and is hardly ever drawn, is come to by steering lines into order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.authoring.scaffold import scaffold
from harness.values.program import Side
from tests.test_proving import verify

LINES = 4

SPEC = """title = "Two threads that tell"
summary = "Each tells what it has come to."

[events]
{events}

[always.first-in-order]
why = "a thread's lines come in its order"
order = {{ chain = {first} }}

[sometimes.by-turns]
why = "nothing orders the two threads"
order = {{ chain = {turns} }}
"""
FIRST = [f"a{n}" for n in range(LINES)]
TURNS = [f"{who}{n}" for n in range(LINES) for who in "ba"]

PYTHON = f"""
from threading import Thread

def tell(who):
    for n in range({LINES}):
        print(f"{{who}}{{n}}")

threads = [Thread(target=tell, args=(who,)) for who in "ab"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
RUST = f"""
use std::thread;

fn main() {{
    let threads = ["a", "b"].map(|who| {{
        thread::spawn(move || (0..{LINES}).for_each(|n| println!("{{who}}{{n}}")))
    }});
    threads.into_iter().for_each(|one| one.join().unwrap());
}}
"""
TEXTS = {Side.PYTHON: ("main.py", PYTHON), Side.RUST: ("src/main.rs", RUST)}


def corpus(place: Path, side: Side) -> Path:
    """One example, of which one run of some hundreds shows the lines by turns, if it is drawn."""
    directory = scaffold(place, "topic", "turns", (side,)).directory
    (directory / "breaks.toml").unlink()
    events = "\n".join(f'{name} = "{name}"' for name in TURNS)
    spec = SPEC.format(events=events, first=FIRST, turns=TURNS)
    (directory / "example.toml").write_text(spec)
    name, text = TEXTS[side]
    (directory / name).write_text(text)
    return place


@pytest.mark.parametrize("side", list(Side), ids=lambda side: side.value)
def test_lines_are_steered_into_the_order_that_some_run_must_show(
    tmp_path: Path, side: Side
) -> None:
    """Nobody draws it: each line takes a hand-over of its own, at the right place."""
    verdict: dict[str, Any] = verify(corpus(tmp_path, side), side.value, "--schedules", "4")[
        "turns"
    ]
    assert verdict["outcome"] == "PASSED", verdict
    assert verdict["runs"] < 100
