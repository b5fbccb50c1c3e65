"""What a loaded thread runs with: settings, permissions, tools, and what is refused of its turns."""
