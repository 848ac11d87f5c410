import six


def f(str, iter):
    return six.text_type(str), six.iteritems(iter)


def chr():
    return six.unichr(1)
