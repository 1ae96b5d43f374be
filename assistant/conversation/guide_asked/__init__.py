"""The guide asked in a conversation: answered, or handed to the compliance lead; what came of it is kept."""
