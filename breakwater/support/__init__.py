"""What to say next. Pure: the plan, the tiers, directory and wording look-up."""
