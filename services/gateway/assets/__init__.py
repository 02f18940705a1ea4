"""What the pages borrow: the city of Helsinki's design system and htmx, fetched by npm when the project is set up."""
