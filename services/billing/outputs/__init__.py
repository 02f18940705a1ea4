"""Files for finance and the clerk, byte for byte the same whenever they are made again."""
