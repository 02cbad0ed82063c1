"""``python -m harness``, and what the installed command calls."""

# As the interpreter has it: to import the module around it takes a while.
import _signal  # type: ignore[import-not-found] # known to no stubs
import gc
import os

_INTERRUPTED = 130
"""As ``harness.values.errors`` has it, which is not there yet."""


def _leave(_number: int, _frame: object) -> None:
    """Ctrl-C while we are still imported: there is nothing to end, and nobody to catch it."""
    os.write(2, b"harness: interrupted\n")
    os._exit(_INTERRUPTED)


if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _leave)

# Nothing of what is imported is ever garbage, and to look for some is a tenth of a short command:
# `harness.cli` begins that once the command is there.
gc.disable()

from harness.cli import main  # noqa: E402 - to be interrupted as well

if __name__ == "__main__":
    main()
