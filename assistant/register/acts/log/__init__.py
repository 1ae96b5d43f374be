"""What the log tells: what happened, who may what, who is asked for what; and how a log is carried over and cleared of a person."""
