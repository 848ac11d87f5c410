counted = "%d of %i, %s" % (len(found), len(all_files), len(rest))
padded = "%5d|%05d|%-5d|%04x|%X|%o|%r" % (1, -2, len(found), ord(letter), 255, 8, +3)
