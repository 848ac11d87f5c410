import resource

try:
    run()
except resource.error:
    raise
except (OSError, find(1)):
    raise IOError
except:
    raise
