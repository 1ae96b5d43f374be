"""The guide for other assistants, by the Model Context Protocol: read only, no evidence."""
