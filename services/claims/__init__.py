"""Payment claims (maksuvaatimukset): registration, receipts, and what each claim will do. See README.md."""
