for i in range(3): later = lambda: i
