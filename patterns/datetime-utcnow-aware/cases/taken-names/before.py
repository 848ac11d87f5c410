from datetime import datetime, timedelta

from django.utils import timezone

a = datetime.utcnow() < timezone.now()
