"""The choice of a day and a time, for customers who book or move an appointment."""
