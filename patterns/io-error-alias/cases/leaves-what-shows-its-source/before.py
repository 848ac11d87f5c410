x = f"{IOError(1)=}"
