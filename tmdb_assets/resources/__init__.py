"""Dagster wrappers: configuration to the plain objects below."""
