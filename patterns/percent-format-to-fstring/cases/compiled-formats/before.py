a = "%s %s" % (stack, stack.pop())
b = "%s %-8r" % (table, table["missing"])
c = ("%s "
     "%.3a%%") % (self, make(self))
