import datetime

print(f"{datetime.datetime.utcnow()=}")
