"""What the harness costs: figures, never pass or fail. ``make bench`` runs them all."""
