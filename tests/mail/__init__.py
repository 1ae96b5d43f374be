"""Mail: a real SMTP server on loopback, what reaches it, and what it makes of faults."""
