from project import datetime


class Clock(datetime):
    pass


a = datetime.utcnow()
b = Clock.utcnow()
c = a.utcnow()
