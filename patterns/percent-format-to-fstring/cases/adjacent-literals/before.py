raise ValueError("no %s in "  # where
                 'the {} "%r"'
                 u" nor %s" " at all" % (key, place, other))
