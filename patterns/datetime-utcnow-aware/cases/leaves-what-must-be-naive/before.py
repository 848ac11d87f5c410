from datetime import datetime, timedelta

import pytz
from dateutil import tz
from django.utils import timezone
from django.utils.timezone import make_aware

a = pytz.utc.localize(datetime.utcnow())
b = pytz.timezone("Europe/Paris").localize(datetime.utcnow() - timedelta(hours=1), is_dst=None)
c = timezone.make_aware(datetime.utcnow(), pytz.utc)
d = make_aware(value=datetime.utcfromtimestamp(0))
e = tz.gettz("Europe/Paris").fromutc(datetime.utcnow())
f = datetime.utcnow().replace(microsecond=0).astimezone(pytz.utc)
g = (datetime.utcnow() + timedelta(hours=1)).astimezone(pytz.utc)
