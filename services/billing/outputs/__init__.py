"""Files for finance and the clerk: JSON, CSV and XLSX, byte for byte the same whenever they are made again."""
