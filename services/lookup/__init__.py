"""Look-ups (haut): what the benefit register says of one client, shown to whom law and agreement allow it."""
