from datetime import datetime, timezone

a = datetime.now().replace(tzinfo=timezone.utc)
b = datetime.today().replace(microsecond=0).replace(tzinfo=zone).astimezone()
c = datetime.fromtimestamp(0).replace(tzinfo=zone)
