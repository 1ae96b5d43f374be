"""What may be handed in and what it makes of a slot: files and links, what they lack, states, what a log of events tells."""
