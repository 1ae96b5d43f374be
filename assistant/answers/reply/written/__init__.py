"""The answer that a chat model writes: what it is given, its checked claims, and how they are told."""
