"""What the register knows: slots, people, events, messages, the profile and the rules of asking. Values only."""
