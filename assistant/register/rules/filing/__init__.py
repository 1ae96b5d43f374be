"""What a file in an existing folder is for: its years, the places that it names, its words, and a proposal from all of them."""
