counted = f"{len(found)} of {len(all_files)}, {len(rest)}"
padded = f"{1:5d}|{-2:05d}|{len(found):<5d}|{ord(letter):04x}|{255:X}|{8:o}|{+3}"
