"""What runs inside the jails: mounted at /viva/inside and imported there as `inside`, so it may use the standard
library and NumPy only, and nothing of viva but its own siblings by relative import."""
