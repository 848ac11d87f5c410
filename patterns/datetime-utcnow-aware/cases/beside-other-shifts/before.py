import datetime

a = now.astimezone(datetime.datetime.utcnow())
b = f"{datetime.datetime.utcnow()}"
c = datetime.datetime.now()
