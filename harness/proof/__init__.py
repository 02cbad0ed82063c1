"""Everything that breaks a program or its traces, to see what notices: audit and mutants."""
