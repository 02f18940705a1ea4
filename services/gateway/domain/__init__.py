"""What the gateway decides by itself: on whose behalf somebody acts, and how values are written on a page."""
