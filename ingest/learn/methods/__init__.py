"""How things are learned, whatever they are: words as vectors, regressions with exact leave-one-out, results kept."""
