if text is ("a"
           "b"):
    pass
