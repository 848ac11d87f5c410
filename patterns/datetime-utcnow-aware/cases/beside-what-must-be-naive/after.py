from datetime import datetime, timezone

a = pytz.timezone(name_of(datetime.now(timezone.utc))).localize(start)
b = start.astimezone(zone_of(datetime.now(timezone.utc)))
