try:
    run()
except ValueError:
    pass
except (KeyError, IndexError) as error:
    log(error)
except Exception:
    pass
