"""Sync: what is due, ask, journal, outcome, sweep again. No Dagster."""
