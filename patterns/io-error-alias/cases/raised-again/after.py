import resource

try:
    run()
except OSError:
    raise
except (OSError, find(1)):
    raise OSError
except:
    raise
