import datetime


class Clock:
    class datetime:
        @staticmethod
        def now():
            return 0

    now = datetime.now()


def fake(datetime):
    return datetime.datetime.now()


def stub():
    datetime = object()
    return datetime.datetime.utcnow()
