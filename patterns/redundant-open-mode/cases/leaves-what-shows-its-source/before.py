x = f"{open(path, 'r')=}"
