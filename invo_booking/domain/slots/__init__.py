"""The slot engine: which starts are open, who can take them, and why not."""
