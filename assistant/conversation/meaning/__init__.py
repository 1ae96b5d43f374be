"""What a message means here: what it wants of the register, which slots, people and days it names."""
