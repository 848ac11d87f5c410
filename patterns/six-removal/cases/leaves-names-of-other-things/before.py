from six import text_type as kind

a = f(b.kind, kind=1)


def g():
    global kind
