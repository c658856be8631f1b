"""Writes the sample workspace: three invented clients, fourteen months, in the export formats people really have."""
