"""Checks: what the ledgers say of each other, and what is worth a look. A check never accuses; it asks."""
