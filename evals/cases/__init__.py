"""Cases: what they are, how they are read, labelled, carried to another edition and collected."""
