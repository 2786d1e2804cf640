"""What each visitor sees, and the events they may send."""
