x = f"{u'a'=}"
