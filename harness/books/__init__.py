"""Books that show pairs: directives in Markdown, mdBook's protocol."""
