"""A chapter with paired programs and their printed outputs, adopted as a draft corpus."""
