import datetime
import datetime as dt
from datetime import date as Date, datetime as DateTime

datetime.datetime.now()
dt.datetime.utcnow()
DateTime.today()
Date.today()
DateTime(2026, 1, 31)


def local():
    from datetime import datetime

    return datetime.now()
