"""The litmus tests of the literature, in each order of atomics, and what their runs show.

Alglave, Maranget and Tautschnig (2014) name most of them. Each has its *weak* outcome, of which it
is said whether the model allows it.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

EXECUTIONS = 20
"""Of one process: with more, there would be more threads than are followed."""

Status = Literal["allowed", "forbidden", "out of reach"]


@dataclass(frozen=True, slots=True)
class Litmus:
    """A test: its family, its orders, its text, and its weak outcome.

    A weak outcome that is *out of reach* is allowed, but needs a load that reads what is stored
    later.
    """

    family: str
    orders: str
    text: str
    weak: str
    status: Status

    def __str__(self) -> str:
        """``SB, Relaxed``."""
        return f"{self.family}, {self.orders}"


_ORDERS = {
    "Relaxed": ("rlx", "rlx", ""),
    "Release/Acquire": ("rel", "acq", ""),
    "SeqCst": ("sc", "sc", ""),
    "SeqCst fences": ("rlx", "rlx", "Fsc,"),
    "AcqRel fences": ("rlx", "rlx", "Far,"),
}

_FAMILIES: tuple[tuple[str, str, str, str], ...] = (
    # S and L are the orders of stores and loads, # is where a fence is; of each of the orders
    # above: a allowed, f forbidden, o out of reach
    ("SB", "Wx1S,#RyL|Wy1S,#RxL", "0|0|11", "aaffa"),
    ("MP", "Wx1S,#Wy1S|RyL,#RxL", "|10|11", "affff"),
    ("LB", "RxL,#Wy1S|RyL,#Wx1S", "1|1|11", "offff"),
    ("IRIW", "Wx1S|Wy1S|RxL,#RyL|RyL,#RxL", "||10|10|11", "aaffa"),
    ("2+2W", "Wx1S,#Wy2S|Wy1S,#Wx2S", "||11", "aaffa"),
    ("CoRR", "Wx1S|RxL,#RxL", "|10|1", "fffff"),
    ("CoWR", "Wx1S,#RxL|Wx2S", "0||1", "fffff"),
    ("CoRW", "RxL,#Wx1S|Wx2S", "2||2", "fffff"),
    ("WRC", "Wx1S|RxL,#Wy1S|RyL,#RxL", "|1|10|11", "affff"),
    ("RWC", "Wx1S|RxL,#RyL|Wy1S,#RxL", "|10|0|11", "aaffa"),
    ("ISA2", "Wx1S,#Wy1S|RyL,#Wz1S|RzL,#RxL", "|1|10|111", "affff"),
    ("S", "Wx2S,#Wy1S|RyL,#Wx1S", "|1|21", "affff"),
    ("R", "Wx1S,#Wy1S|Wy2S,#RxL", "|0|12", "aaffa"),
)
_STATUS: dict[str, Status] = {"a": "allowed", "f": "forbidden", "o": "out of reach"}

_SINGLE: tuple[tuple[str, str, str, str, Status], ...] = (
    ("SB", "one fence", "Wx1rlx,Fsc,Ryrlx|Wy1rlx,Rxrlx", "0|0|11", "allowed"),
    ("SB", "SeqCst and Rel/Acq", "Wx1sc,Rysc|Wy1rel,Rxacq", "0|0|11", "allowed"),
    ("MP", "Release, Relaxed", "Wx1rlx,Wy1rel|Ryrlx,Rxrlx", "|10|11", "allowed"),
    ("MP", "Relaxed, Acquire", "Wx1rlx,Wy1rlx|Ryacq,Rxrlx", "|10|11", "allowed"),
    ("MP", "fence, Acquire", "Wx1rlx,Frel,Wy1rlx|Ryacq,Rxrlx", "|10|11", "forbidden"),
    ("MP", "Release, fence", "Wx1rlx,Wy1rel|Ryrlx,Facq,Rxrlx", "|10|11", "forbidden"),
    ("sequence", "update between", "Wx1rlx,Wy1rel|Uy1rlx|Ryacq,Rxrlx", "|1|20|12", "forbidden"),
    ("sequence", "store between", "Wx1rlx,Wy1rel|Ryrlx,Wy2rlx|Ryacq,Rxrlx", "|1|20|12", "allowed"),
    ("update", "two of three see one", "Ux1rlx|Ux1rlx|Ux1rlx", "0|0|1|2", "forbidden"),
    ("update", "SB, AcqRel", "Xx1ar,Ryacq|Xy1ar,Rxacq", "00|00|11", "allowed"),
    ("update", "SB, SeqCst", "Xx1sc,Rysc|Xy1sc,Rxsc", "00|00|11", "forbidden"),
    ("compare", "MP, fails by Acquire", "Wx1rlx,Wy1rel|Cy02acq,Rxrlx", "|10|11", "forbidden"),
    ("compare", "MP, fails by Relaxed", "Wx1rlx,Wy1rel|Cy02rlx,Rxrlx", "|10|11", "allowed"),
)


def _in_each_order() -> Iterator[Litmus]:
    for family, shape, weak, statuses in _FAMILIES:
        for (orders, (store, load, fence)), letter in zip(_ORDERS.items(), statuses, strict=True):
            text = shape.replace("#", fence).replace("S", store).replace("L", load)
            yield Litmus(family, orders, text, weak, _STATUS[letter])


TESTS = (*_in_each_order(), *(Litmus(*each) for each in _SINGLE))


_STRATEGIES = ("random", "pct2", "weighted", "pct3")
"""In turn; where the last thread is to come first, random choice alone takes long."""


def outcomes(program: Path, test: Litmus, seeds: range) -> Counter[str]:
    """What came of so many processes of ``EXECUTIONS`` each."""
    seen: Counter[str] = Counter()
    for seed in seeds:
        done = subprocess.run(
            [str(program), str(EXECUTIONS), test.text],
            env={
                "PATH": os.defpath,
                "HARNESS_SCHEDULE": f"{_STRATEGIES[seed % len(_STRATEGIES)]}:{seed}/old",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        lines = done.stdout.splitlines()
        assert len(lines) == EXECUTIONS
        seen.update(lines)
    return seen
