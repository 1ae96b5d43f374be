"""One test body for every adapter behind a port."""
