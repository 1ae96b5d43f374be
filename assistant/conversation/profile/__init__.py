"""The enterprise's profile by conversation: declared question by question, and what a new edition's lines seem to demand."""
