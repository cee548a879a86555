"""Service calls' histories as their customers see them: a file of its own, and Markdown."""
