"""The declared order, asked of traces without a monitor; checked against the monitors."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from harness.judging.judge import judge_run
from harness.proof.audit.declared import keeps_declared_order
from harness.proof.audit.mutants import good_of
from tests.audit.driver import claims_of_side, good_run, run_of, write_spec

EVENTS = """\
enter = "{who:w} enters"
leave = "{who:w} leaves"
end   = "end"
"""
BOUND = '\n[always.bound]\nwhy = "all are spoken of"\n'
BOUND += 'count = { of = ["enter", "leave", "end"], is = 5 }\n'
RULES = {
    "chain": 'order = { chain = [["enter", "leave"], ["end"]] }',
    "chain for each key": 'order = { chain = ["enter", "leave"], same = "who" }',
    "first of each": 'order = { chain = ["enter", "leave", "end"], first = true }',
    "values in turn": 'values = { of = "enter.who", are = ["a", "b"] }',
    "values increase": 'values = { of = "leave.who", increasing = true }',
    "one inside": 'sections = { enter = "enter", leave = "leave", at-most = 1 }',
    "paired": 'sections = { enter = "enter", leave = "leave", at-most = 2, who = "who" }',
    "both inside": 'sections = { enter = "enter", leave = "leave", reaches = 2, who = "who" }',
    "apart": 'sections = { enter = "enter[who=a]", leave = "leave[who=a]", '
    'excludes = { enter = "enter[who=b]", leave = "leave[who=b]" } }',
}
GOOD = {"both inside": "a enters\nb enters\na leaves\nb leaves\nend\n"}
PLAIN = "a enters\na leaves\nb enters\nb leaves\nend\n"


@pytest.mark.parametrize("name", RULES)
def test_it_agrees_with_the_monitor_on_every_order(name: str, tmp_path: Path) -> None:
    """Of all orders of five lines just those keep the declared order that the monitor accepts."""
    rule = f'\n[always.rule]\nwhy = "for the test"\n{RULES[name]}\n'
    spec = write_spec(tmp_path, EVENTS + rule + BOUND)
    good = good_run(spec, GOOD.get(name, PLAIN))
    claims = claims_of_side(spec)
    disagreements = []
    for texts in permutations(good.texts):
        run = run_of("".join(f"{text}\n" for text in texts))
        declared = keeps_declared_order(claims.properties, good.lines, good_of(claims, run).lines)
        if declared == bool(judge_run(claims, run).findings):
            disagreements.append(texts)
    assert [] == disagreements
