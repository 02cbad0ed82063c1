"""Verify a corpus of concurrent programs, each written in Python and in Rust."""
