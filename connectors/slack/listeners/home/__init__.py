"""The Home tab and its buttons."""
