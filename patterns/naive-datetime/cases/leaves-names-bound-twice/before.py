try:
    from datetime import datetime
except ImportError:
    datetime = None

datetime.now()
