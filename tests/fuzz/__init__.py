"""A campaign of hostile input: whatever comes from outside is dealt with, or refused in one sentence, in time and in little memory."""
