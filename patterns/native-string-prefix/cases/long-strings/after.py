def f():
    """A docstring
    over lines: u"quoted".
    """
    return '''it's'''
