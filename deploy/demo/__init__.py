"""The demonstration: invented people and organisations' records, and the story that runs on them."""
