"""What people write, and the buttons under answers."""
