def f():
    u"""A docstring
    over lines: u"quoted".
    """
    return u'''it's'''
