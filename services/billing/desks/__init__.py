"""Who answers what is asked of billing, a module a matter."""
