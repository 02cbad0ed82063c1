"""Has stdout pass on each line at once, as on a terminal; for where there is none to be had."""

import sys

sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a program may replace it
