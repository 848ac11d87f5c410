from datetime import datetime, timezone

a = pytz.timezone(name_of(datetime.utcnow())).localize(start)
b = start.astimezone(zone_of(datetime.utcnow()))
