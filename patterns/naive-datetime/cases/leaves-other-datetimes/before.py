from django.utils import timezone
from pandas import datetime as pandas_datetime
from .datetime import datetime

timezone.now()
datetime.now()
pandas_datetime.now()
time.time()
self.datetime.now()
arrow.utcnow()
