"""The ground of the house: frozen values, events, requests, evidence and the fold over them. Standard library only."""
