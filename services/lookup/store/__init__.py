"""All SQL of lookup, a module a subject."""
