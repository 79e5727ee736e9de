"""Measuring: what the assistant understands of labelled messages, beside a stock Rasa bot."""
