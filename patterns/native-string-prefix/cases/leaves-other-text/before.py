menu = "u'text'"
# u"text"
"""u"text" and u'text'"""
