"""What is done with single slots: handed in, reviewed, together with their like; what is told of it; in whose charge they are."""
