"""viva: machine-learning interviews that give their evidence."""

__version__ = "0.1.0"
