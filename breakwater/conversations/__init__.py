"""Conversations: inbox, joining of fragments, turns, transcript."""
