"""A fault campaign over register, outbox, files and the editions' pointer, and what must hold after each run."""
