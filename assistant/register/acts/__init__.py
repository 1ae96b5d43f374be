"""What people and the clock do to the register: one transaction each, every change an event."""
