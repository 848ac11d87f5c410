a = "%s" % ('%s' % (name,),)
b = "%s" % (call('%d' % len(names)),)
