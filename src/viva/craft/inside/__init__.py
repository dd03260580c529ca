"""What runs in the bounded child: the only code of viva that parses a candidate's source. It imports nothing of viva, so
that the child starts fast and holds nothing; relative imports make it one package in both places."""
