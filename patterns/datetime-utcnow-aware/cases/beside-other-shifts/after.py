import datetime

a = now.astimezone(datetime.datetime.now(datetime.timezone.utc))
b = f"{datetime.datetime.now(datetime.timezone.utc)}"
c = datetime.datetime.now()
