"""How reports of the log are written down: JSON, CSV, XLSX, PDF. Files only; what they say is made in `domain`."""
