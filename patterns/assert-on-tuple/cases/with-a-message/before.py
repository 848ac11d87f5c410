assert (count > 0, "empty")
