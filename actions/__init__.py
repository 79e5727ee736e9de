"""rasa-sdk actions: thin adapters over `breakwater.support`, one file per thing the person needs."""
