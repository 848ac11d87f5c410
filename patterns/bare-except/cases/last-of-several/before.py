try:
    run()
except ValueError:
    pass
except:
    result = None
