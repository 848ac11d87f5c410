x = ""u"a"
y = 'a'u'b'u'c'
z = f"{x}"u"a"
