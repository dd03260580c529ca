"""`python -m viva` is `viva`."""

from viva.cli import main

raise SystemExit(main())
