"""Thin adapters that put our understanding and the per-turn tracker into Rasa 3.6."""
