"""The reference page of the spec language, made from the registry that the loader reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.language.closed_rules import RULES, why_of_rule
from harness.language.declarations import ALWAYS, SOMETIMES
from harness.language.properties.base import Family, Sample, Told
from harness.language.properties.registry import FAMILIES
from harness.language.spec.events import parse_events
from harness.language.spec.reading import read_toml
from harness.language.tables import Source, Table
from harness.values.program import Scope

INTRODUCTION = """\
# The spec language

<!-- made by `make docs`: edit `harness/authoring/reference.py`, or a family's own description -->

Two files say what an example is: `example.toml` what is true of its programs, `breaks.toml` what
breaks that. A third one, `corpus.toml`, says in which order a corpus is read.

## The tour, in two minutes

A thread prints ten lines; main waits for it, then prints five. What the lines look like:

```toml
title   = "Wait for a thread with join"
summary = "A joined thread has ended before its caller goes on."

[events]
worker = "Hello, can you hear me?: {i:d}"
main   = "Hello from the main thread: {i:d}"
```

What is *always* true of them, in every run of both programs, `main.py` and `src/main.rs`, and why:

```toml
[always.worker-finishes]
why    = "join returns only when the thread has ended, so none of its ten lines is lost"
values = { of = "worker.i", are = "0..10" }

[always.join-comes-first]
why   = "main goes on only after join has returned"
order = { chain = ["worker", "main"] }
```

What is true *sometimes*: one run that shows it is enough, and if none does, nothing is refuted and
nothing shown (INCONCLUSIVE).

```toml
[sometimes.an-update-can-be-lost]
why      = "whether a plain run shows it is left to the system"
relation = { holds = "total.value < count(made)" }
```

Whatever is not declared is a finding: another line, a word on stderr, another exit code.

A check that cannot fail is worth nothing. So `breaks.toml` tells how to break the programs, and
which property must notice:

```toml
["join forgotten"]
breaks = ["worker-finishes", "join-comes-first"]
why    = "dropping the handle lets the thread go: main neither waits for it nor lets it finish"
rust   = { replace = "handle.join().unwrap();", with = "drop(handle);" }
```

`harness verify` holds the programs against the first file, `harness audit` the first file against
the second. That is all; the rest of this page is for looking things up.

## Programs

Each side has its main program, `main.py` and a crate with `src/main.rs`; one side alone is an
example too. Further ones are declared:

```toml
[programs.mended]
summary = "the same, with a lock"
python  = "mended.py"                      # one side or both
rust    = "src/bin/mended.rs"
when    = { implementation = "CPython", os = "linux" }  # where it can run; as a property's, below
args    = ["5"]                            # these three also in [run], for all programs
stdin   = "text"
timeout = 10                               # seconds
```

Wherever a program is named, it is `side:program`, either part left out at will: `"rust:mended"` is
one program, `"mended"` is it on both sides, and `"rust"` is the main program in Rust.

## example.toml

```toml
title       = "Wait for a thread with join"
summary     = "A joined thread has ended before its caller goes on."
python      = ">=3.9"                      # floor; Rust's is rust-version in Cargo.toml
requires    = ["trio>=0.27"]               # Python packages; requirements.lock pins them, see below
timing      = "free"                       # or "strict": the example's point is a sleep
granularity = "gil"                        # or "opcode": its claims hold without the GIL too
task-order  = "fifo"                       # or "free": they hold in whatever order ready tasks come
last-line = "whole"                        # or "cut": a daemon thread may be stopped as it prints

[events]                                   # one line each; a line may match only one event
worker = "Hello, can you hear me?: {i:d}"
state  = { pattern = "light: {colour}", words = { colour = ["red", "green"] } }
warned = { pattern = "warning: {what}", stream = "stderr" }

[always.worker-finishes]                   # or [sometimes.…]; every name is given once
why      = "join returns only when the thread has ended"
programs = ["python", "rust:mended"]       # or one of them; without it: main, on both sides
when     = { gil = true, cores = 2, python = ">=3.13", rust = ">=1.80" }  # also implementation, os
audit    = "why no broken program can show this"         # optional
values   = { of = "worker.i", are = "0..10" }            # exactly one family, below
```

Where the obvious guess about the programs is wrong, the spec says so; the page shows it beside the
properties that check it:

```toml
[guess.who-adds]
guess = "`count += 1` loses updates when two threads do it"
truth = "it loses none on a CPython with its lock: no thread is switched in the middle of it"
by    = ["no-update-is-lost"]
```

Which outcomes of a racy program came, and not only that each is allowed, can be compared of the two
sides:

```toml
[always.what-is-left-of-two-updates]
why      = "an update that comes between the other's read and its write is lost"
outcomes = { of = "total.value", are = [
    { is = 2, acceptable = "no update was lost" },
    { is = 1, interesting = "one update overwrote the other" },
] }

[sometimes.both-languages-lose-one]
why       = "neither language's threads make two steps one"
agreement = { of = "outcomes", property = "what-is-left-of-two-updates" }
```

What only one side can have (a panic, an exception, an error of the compiler) is about that side
without saying so.

### Patterns

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

### Selectors, fields, ranges

`worker` stands for every line of an event, `worker[i=3]` and `step[phase=1,who=a]` for some of
them, `worker.i` for a field. `"0..10"` is half-open, `"1..=3"` inclusive, as in Rust; a list gives
the values.

### Traces without an end

A server's loop has no end. `ending = { endless = true, at-least = 20 }` says so: a run is stopped
as soon as it has printed twenty lines, and judged so far; too few of them within the timeout is a
finding, and so is an end before them. Whether it would end later is not looked at. Under control
the bound on scheduling steps stops it as well, which is no finding. What only an end could show
(a number of lines, a last value) is a fault of such a spec.

## breaks.toml

Each table is a variant, named by what is changed. `breaks` are properties, or rules of the closed
world. The change is said for each program that it is made in, by the program's name, and is one of
three, or a list of them, made one after the other. What is named occurs exactly once; where nothing
replaces a line, the line goes.

```toml
["a round is skipped"]
breaks          = ["every-update-is-made"]
why             = "what a reader learns from it"      # optional
"python:locked" = { replace = "range(1, ROUNDS + 1)", with = "range(2, ROUNDS + 1)" }
"rust:locked"   = { replace = "1..=ROUNDS", with = "2..=ROUNDS" }

["lines after handing on"]
breaks = ["stage-by-stage"]                # swap: two texts change places
python = { swap = ['print(f"source sends {number}")', "work.put(number)"] }

["a number is sent twice"]
breaks = ["each-number-arrives-once"]      # add: a line, or lines, after the line that holds a text
python = { after = "work.put(number)", add = "work.put(number)" }
```

A report calls the variant of one program by its name alone; of several, it says which:
`a round is skipped, in Python`. Where a property speaks of only some of the programs, it must be
broken in those.

A variant that breaks nothing is *accepted*: `breaks = []`, and then a `why` is asked for. It stands
for the mutants of `harness mutate` that change the text as it does (comments and empty lines
aside), and for what `harness audit` makes of traces, which is named as the audit calls it.

```toml
["said before it is made"]
breaks = []
why    = "under the lock nobody sees whether the line or the update comes first"
rust   = { swap = ["*total += 1;", 'println!("made");'] }

["a worker may be late"]
breaks   = []
why      = "how many lines come is not promised"
trace    = "drop worker"                   # or a list
programs = "python"                        # optional, as in a property
```

## corpus.toml

At the top of a corpus, whose examples lie in `topic/name`. An example that it does not list is
found all the same, and comes last; where none is listed, the order is that of the alphabet. All is
optional, as is the file.

```toml
title   = "Some pairs"                     # of the pages
lead    = "What they say of it all."
command = ".venv/bin/harness"              # as readers of the pages call it: else harness
setup   = "make verify"                    # what makes that, if it takes anything
languages = ["en"]                         # of the pages, "en" and "ko": the first at the top
after   = "../examples"                    # the corpus beside it that it comes after, if any

[topics.life-cycle]
title    = "Life cycle"
examples = ["spawn", "join"]               # in the order of reading, as are the topics
```

Whoever names no corpus means the one here and what comes after it, in that order. `harness verify`
builds and judges corpus by corpus: what a later one needs delays no verdict on an earlier one.
Whoever names one (`harness verify examples`, `--corpus examples`) means that alone.

## requirements.lock

Python programs are started without site-packages, whatever happens to be installed. One that
needs a package says so by `requires`, as PEP 508 writes it. `harness lock` installs what all
examples of a corpus ask for, once for each interpreter that `--python` names, and pins it, with
all that it needs, in `requirements.lock` beside `corpus.toml`, and the crates in `Cargo.lock`;
`harness lock --upgrade` takes the newest versions of both, says what has moved, and what is
concluded otherwise of the examples that need packages than with the versions of before.

`verify` and all other commands then make an environment for each interpreter and set of
packages, by uv where that is installed, else by pip. That needs the network once; without
it such an example is SKIPPED, with the reason, as is one in Rust whose crates cannot be had. A
requirement that nothing pins is an error of its example.

### A module in Rust

A crate made with PyO3 (`pyo3` among its dependencies) whose library is a `cdylib` is a module
that the example's Python programs import by its name; nothing has to be said of it. Its
`src/main.rs`, if there is one, is the Rust side, a program like any other.

```toml
[lib]
name = "meeting"                           # import meeting
crate-type = ["cdylib"]

[dependencies]
pyo3 = { version = "0.30", features = ["abi3-py311"] }
```

The module is built by cargo for each interpreter (`PYO3_PYTHON`), with a feature such as
`abi3-py311` once for all that have the GIL, and linked into an environment of the example's own,
as `maturin develop` would. An interpreter that PyO3 does not serve makes the Python side SKIPPED,
with what PyO3 says; a module that does not compile is an error of its example.

Under control Python code has its points as ever, and the module none: it runs from one point of its
caller's to the next. A thread that waits in it with the GIL let go is passed over, and the run is
*loosely controlled*. One that waits with the GIL held stops all others, as it does without
control: that is a hang.

Whoever names an environment's interpreter (`--python VENV/bin/python`) means that environment:
its packages are there, nothing is installed into it, and no lock is asked.

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
        yield from _sample_lines(family, sample)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table_of(family: Family, sample: Sample) -> str:
    """``always``, unless the sample is of what only some run can show."""
    text = f"[events]\n{sample.events}\n[rule]\n{sample.rule}\n"
    table = Table(source := Source(Path("sample"), text), "", read_toml(source))
    patterns = {name: pattern for name, (_, pattern) in parse_events(table).items()}
    rule = family.parse(table.table("rule").table(family.name), patterns)
    return ALWAYS if Scope.EVERY_RUN in rule.allowed_scopes else SOMETIMES


def _sample_lines(family: Family, sample: Sample) -> Iterator[str]:
    yield "```toml"
    if sample.events:
        yield "[events]"
        yield from sample.events.split("\n")
        yield ""
    yield f"[{_table_of(family, sample)}.a-name]"
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
        f'{error.code or error.message} at "{error.place.text.strip()}"'
        for error in told.errors
        if error.place
    ]
    return f" ({', '.join(parts)})" if parts else ""


if __name__ == "__main__":
    print(reference_page(), end="")  # noqa: T201 - this is its output
