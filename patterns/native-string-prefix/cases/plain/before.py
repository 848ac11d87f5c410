x = u"text"
y = U'other'
z = {u"key": [u'value', "plain"]}
print(u"a" if u"b" in x else u"")
