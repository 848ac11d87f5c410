from datetime import datetime


def f(timezone):
    return datetime.utcnow(), timezone


def g():
    return datetime.utcnow()
