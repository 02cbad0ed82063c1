"""An example that is as small as can be: where what lies around it is what matters."""

SPEC = """\
title   = "Small"
summary = "It prints a line."

[events]
line = "line"

[always.a-line-comes]
why   = "it is printed"
count = { of = "line", is = 1 }
"""
"""Of a program that prints ``line``."""

PYTHON = 'print("line")\n'
RUST = 'fn main() {\n    println!("line");\n}\n'
