"""Cases: states, queue, claim, hand-back."""
