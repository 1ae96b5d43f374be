"""The Home tab: an owner's part and the lead's."""
