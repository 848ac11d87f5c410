row = "%10s|%-10s|%.3s|%-8.3r|%1a" % (one, two, three, four, five)
