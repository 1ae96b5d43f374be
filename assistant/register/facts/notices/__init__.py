"""What each kind of message of the outbox says, typed; rows that an earlier version wrote read the same."""
