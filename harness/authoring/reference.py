"""The reference page of the spec language, made from the registry that the loader reads."""

from __future__ import annotations

from collections.abc import Iterator

from harness.language.closed_rules import RULES, why_of_rule
from harness.language.properties.base import Family, Sample, Told
from harness.language.properties.registry import FAMILIES

INTRODUCTION = """\
# The spec language

<!-- made by `make docs`: edit the families' own descriptions instead -->

A spec is the `example.toml` of an example's directory. It declares the lines that its programs
print (*events*), and what is true of them in every run, or in some run (*properties*). Whatever it
does not declare is a finding: the closed world.

An example has two sides, `main.py` and a crate with `src/main.rs`, or one of them alone. Where a
side is missing, nothing may name it, and nothing can compare the two (`agreement`).

```toml
title   = "Wait for a thread with join"
topic   = "life-cycle"                     # the directory above
summary = "A joined thread has finished before its caller goes on."
order   = 40                               # place in the reading order; optional
python  = ">=3.9"                          # floor; Rust's is rust-version in Cargo.toml
timing  = "free"                           # or "strict": the example's point is a sleep
granularity = "gil"                        # or "opcode": its claims hold without the GIL too
last-line = "whole"                        # or "cut": a daemon thread may be stopped as it prints

[events]                                   # one line each; a line may match only one event
worker = "Hello, can you hear me?: {i:d}"
state  = { pattern = "light: {colour}", words = { colour = ["red", "green"] } }
warned = { pattern = "warning: {what}", stream = "stderr" }

[programs.mended]                          # beside "main": main.py and src/main.rs
summary = "the same, with a lock"
python  = "mended.py"                      # one side or both
rust    = "src/bin/mended.rs"
when    = { implementation = "CPython" }   # where it can run; as a property's `when`, below

[run]                                      # for all programs; [programs.NAME] takes these keys too
args    = ["5"]
stdin   = "text"
timeout = 10                               # seconds

[[property]]
name    = "worker-finishes"
why     = "join returns only when the thread has ended"
side    = "rust"                           # without it: both sides
program = "mended"                         # or a list; without it: "main"
in      = "every-run"                      # or "some-run": one witness is enough
when    = { gil = true, cores = 2, python = ">=3.13" }  # also rust, implementation, os
audit   = "why no broken program can show this"    # optional
values  = { of = "worker.i", are = "0..10" }       # exactly one family

[[control]]                                # a broken variant, and what it must break
name    = "join forgotten"
side    = "rust"
program = "main"
replace = "handle.join().unwrap();"        # occurs exactly once in that program
with    = "drop(handle);"
breaks  = ["worker-finishes"]

[[survivor]]                               # a mutated trace or program that may live
mutation = "drop worker"                   # as `harness audit` or `harness mutate` calls it
why      = "how many lines come is not promised"
side     = "python"                        # optional; and so is `program`
```

## Patterns

A pattern is anchored at both ends, and its literal text is literal; `{{` and `}}` are braces.

| field | matches | gives |
|---|---|---|
| `{i:d}` | a whole number | a number |
| `{t:f}` | a decimal number | a number |
| `{w:w}` | one word of letters, digits and `_` | a text |
| `{x}` | any text up to the next literal, not empty | a text |
| `{c}` with `words` | one of the listed words | a text |

An empty line is a line: no pattern matches it but the empty one, `blank = ""`. Where a spec has no
such event, empty lines are layout, as on a printed page: they are shown, and nothing is said of
them.

No pattern takes more than time in proportion to the line, and no line can be read in two ways.

## Selectors, fields, ranges

`worker` stands for every line of an event, `worker[i=3]` and `step[phase=1,who=a]` for some of
them, `worker.i` for a field. `"0..10"` is half-open, `"1..=3"` inclusive, as in Rust; a list gives
the values.

## Every run, some run

A property holds of every run unless it says `in = "some-run"`. Then one run that shows it is
enough, and none within the budget makes the side INCONCLUSIVE.

## Traces without an end

A server's loop has no end. `ending = { endless = true, at-least = 20 }` says so: a run is stopped
as soon as it has printed twenty lines, and judged so far; too few of them within the timeout is a
finding, and so is an end before them. Whether it would end later is not looked at. Under control
the bound on scheduling steps stops it as well, which is no finding. What only an end could show
(a number of lines, a last value) is a fault of such a spec.

## What is wrong with one example

A spec that cannot be taken, a manifest that cargo refuses, a program that its interpreter cannot
read: such an example is ERRORED, with its place, and every other is judged.

"""


def reference_page() -> str:
    """The whole page, in Markdown."""
    return INTRODUCTION + "\n".join((*_closed_world(), "", *_families())) + "\n"


def _closed_world() -> Iterator[str]:
    yield "## The closed world"
    yield ""
    yield "Without being declared, of every run:"
    yield ""
    yield "| rule | says |"
    yield "|---|---|"
    for name in RULES:
        yield f"| `{name}` | {why_of_rule(name)} |"


def _families() -> Iterator[str]:
    yield "## Families of properties"
    for family in FAMILIES.values():
        yield ""
        yield from family_lines(family)


def family_lines(family: Family) -> Iterator[str]:
    """One family: its keys, and its samples with what they accept and refuse."""
    yield f"### {family.name}"
    yield ""
    yield family.summary
    yield ""
    yield "| key | takes | says |"
    yield "|---|---|---|"
    for key in family.keys:
        needed = " (required)" if key.required else ""
        yield f"| `{key.name}` | {_cell(key.takes)} | {_cell(key.says)}{needed} |"
    for sample in family.samples:
        yield ""
        yield from _sample_lines(sample)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sample_lines(sample: Sample) -> Iterator[str]:
    yield "```toml"
    if sample.events:
        yield "[events]"
        yield from sample.events.split("\n")
        yield ""
    yield "[[property]]"
    yield from sample.rule.split("\n")
    yield "```"
    yield from _transcript("accepted", sample.accepted, sample.accepted_with)
    yield from _transcript(f"refused: {sample.violation}", sample.refused, sample.refused_with)


def _transcript(title: str, stdout: str, told: Told) -> Iterator[str]:
    yield ""
    yield f"{title}{_told(told)}"
    if stdout or told.stderr:
        yield ""
        yield "```text"
        yield from (stdout + told.stderr).rstrip("\n").split("\n")
        yield "```"
    if told.rust:
        yield ""
        yield "and on the Rust side"
        yield ""
        yield "```text"
        yield from told.rust.rstrip("\n").split("\n")
        yield "```"


def _told(told: Told) -> str:
    """What the sample tells of the run beside its output, if that is out of the ordinary."""
    parts = [] if told.ending == "exit 0" else [told.ending]
    if told.wall_seconds:
        parts.append(f"{told.cpu_seconds:g} s of processor time in {told.wall_seconds:g} s")
    parts += [
        f'{error.code} at "{error.place.text.strip()}"' for error in told.errors if error.place
    ]
    return f" ({', '.join(parts)})" if parts else ""


if __name__ == "__main__":
    print(reference_page(), end="")  # noqa: T201 - this is its output
