"""Candidate code is run here, in a jail, against checks that lie in another one; what comes out is evidence.

`client.Sandbox` is the plug; `environments` and `doctor` serve the command line. Law: no byte of a candidate is executed,
unpickled or parsed outside a jail, and a run that cannot be jailed whole is not run.
"""
