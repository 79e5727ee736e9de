"""Keys and sealing: what is personal is unreadable without its conversation's key."""
