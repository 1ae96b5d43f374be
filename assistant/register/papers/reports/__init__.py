"""What leads and owners read in between: readiness, the plan explained, calendars, letters."""
