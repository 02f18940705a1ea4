"""All SQL of billing. Every function works within the caller's transaction and commits nothing."""
