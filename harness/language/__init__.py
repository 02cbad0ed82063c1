"""The spec language: its patterns, its properties, its files, and where they are found."""
