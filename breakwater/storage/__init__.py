"""Engine, tables, migrations. Only the gateway opens the database."""
