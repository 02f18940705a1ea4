"""Organisations, agreements, mandates and population, with their history."""
