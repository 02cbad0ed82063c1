"""The families of properties: what a spec can say of a program, and how a run is checked."""
