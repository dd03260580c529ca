"""The walk of an interview: open, advance, look, close; everything between the doors and the record."""
