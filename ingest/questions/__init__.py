"""The banks as data (JSONL), the vectors and weights that ship with them, and the command that makes those."""
