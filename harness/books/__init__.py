"""Books and pairs: directives in Markdown, mdBook's protocol, chapters that are adopted."""
