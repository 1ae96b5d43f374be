"""What decides a question outright: numbers against bounds, yes or no by learned verdicts, the deciding words of a line."""
