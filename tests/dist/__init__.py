"""What is published, tried as those have it who have nothing of this repository at hand."""
