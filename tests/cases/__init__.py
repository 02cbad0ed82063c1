"""Small programs that once got a wrong answer, each for its kind, and what is right of them."""
