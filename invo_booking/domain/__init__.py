"""What is true: rules over frozen values, with the standard library and numpy only."""
