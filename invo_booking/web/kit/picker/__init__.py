"""The choice of a day and a time, for those who book and for those who move."""
