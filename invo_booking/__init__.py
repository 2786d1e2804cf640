"""Invo Booking: appointment scheduling for banks and credit unions."""
