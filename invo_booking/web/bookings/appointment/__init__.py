"""The drawer that shows one appointment, and the forms of an appointment."""
