"""The counsellors' web app."""
