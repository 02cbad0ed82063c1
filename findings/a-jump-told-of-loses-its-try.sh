#!/usr/bin/env bash
# CPython 3.12 and 3.13: what a sys.monitoring callback for JUMP raises, no `try` around the loop sees.
#
# An exception that a callback raises is to come from the instruction that was told of. For jumps it does
# not: the interpreter's INSTRUMENTED_JUMP takes the call's result into `next_instr` and then names the
# place of the error by `dest`, an argument of the macro that is worked out by `next_instr`, which is NULL
# by then. So the table of handlers is asked for a place far away. A handler of a signal that raises while
# a callback runs (KeyboardInterrupt in a busy loop under a tool that follows jumps) is lost like that.
#
# Seen with CPython 3.12.1 and 3.13.0 on Linux x86-64: "passed by"; with 3.14.10 and 3.15.2: "caught".
#
# Exits with 0 as long as that is so. Needs python3.12 or python3.13 in PATH, or $PYTHONS (a list).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/jumps.py" <<'PYTHON'
import sys

monitoring = sys.monitoring
TOOL = 3
told = 0


def on_jump(code, offset, destination):
    global told
    told += 1
    if told == 3:
        raise KeyError


def loop(work):
    try:
        while True:
            work()
    except KeyError:
        return "caught"


monitoring.use_tool_id(TOOL, "jumps")
monitoring.register_callback(TOOL, monitoring.events.JUMP, on_jump)
monitoring.set_local_events(TOOL, loop.__code__, monitoring.events.JUMP)
try:
    print(loop(lambda: None))
except KeyError:
    print("passed by")
PYTHON
tried=0
for python in ${PYTHONS:-python3.12 python3.13 python3.14}; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
    3.12 | 3.13) expected="passed by"; tried=1 ;;
    *) expected="caught" ;;
    esac
    said=$(timeout 60 "$python" "$work/jumps.py")
    echo "$("$python" --version): $said"
    if [ "$said" != "$expected" ]; then echo "changed; before: $expected"; exit 1; fi
done
if [ $tried = 0 ]; then echo "neither python3.12 nor python3.13 is here"; exit 1; fi
echo "as before"
