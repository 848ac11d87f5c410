try:
    from datetime import datetime
except ImportError:
    from mxdatetime import datetime

a = datetime.utcnow()
