def run(job, temporary):
    try:
        return job()
    except:
        temporary.unlink()
        raise
