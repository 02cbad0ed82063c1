"""What touches the machine: processes, toolchains, cargo, places on disk."""
