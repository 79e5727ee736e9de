"""Looks a helpline over before it opens, and names what is wrong with what to do about it."""
