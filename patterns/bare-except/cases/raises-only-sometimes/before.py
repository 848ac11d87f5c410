try:
    run()
except:
    if strict:
        raise
    log()
