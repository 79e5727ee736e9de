"""Scripted conversations, played through the real web chat and read against what must hold."""
