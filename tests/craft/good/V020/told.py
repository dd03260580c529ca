import logging


def run(jobs):
    for job in jobs:
        try:
            job()
        except Exception:
            logging.exception("a job failed")
