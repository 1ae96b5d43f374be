"""What is said, with a chat model and without."""
