def safe(f):
    try:
        f()
    except (Exception, KeyboardInterrupt):
        pass
