"""What a serving process has, whatever it serves: worker, rounds, log, health, metrics."""
