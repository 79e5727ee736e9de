"""What a message says. Pure: no framework, no database, nothing of ours beyond this room."""
