"""Mail by SMTP: a server as an address says it, and the notifier that sends through it."""
