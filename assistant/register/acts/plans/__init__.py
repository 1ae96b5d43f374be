"""What is owed changes: a plan brought in, another edition adopted; what was handed in follows its line."""
