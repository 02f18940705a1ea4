"""Who answers which kind of question about the log."""
