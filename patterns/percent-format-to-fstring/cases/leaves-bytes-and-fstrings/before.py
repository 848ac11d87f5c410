a = b"%s" % (name,)
b = br"%s" b'%s' % (name, other)
c = f"{name} %s" % (other,)
d = f"{name}" "%s" % (other,)
e = f"{'%s' % (name,)} {'%s' % (name,)=}"
