"""The drawer and the forms of one appointment."""
