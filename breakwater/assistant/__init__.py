"""The gateway's client to Rasa: one request, one answer, a deadline, and the safety reply."""
