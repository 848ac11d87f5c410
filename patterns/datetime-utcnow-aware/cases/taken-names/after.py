from datetime import datetime, timedelta, timezone as datetime_timezone

from django.utils import timezone

a = datetime.now(datetime_timezone.utc) < timezone.now()
