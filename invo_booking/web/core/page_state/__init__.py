"""Share the state of open pages among all web processes."""
