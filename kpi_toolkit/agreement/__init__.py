"""What was agreed: the workspace's defaults, the clients, their vendors, conversions and targets, and mappings of tables.

Every file is YAML read without any tag, checked whole, and told about in one error with all of its faults.
"""
