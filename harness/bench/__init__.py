"""Everything that runs a program: what is made ready, run under a schedule, judged, and enough."""
