"""The questions and tracks that ship with viva: a bank like any other, found by its entry point `viva.banks`."""
