"""Help for who writes specs: drafts, scaffolds, and the reference of the language."""
