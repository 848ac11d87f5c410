x = 'a'u"b"
