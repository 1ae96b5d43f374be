"""The banks to learn from: what staff ask and write, what leads add, and messages put together of them."""
