"""The doors through which a person writes to us."""
