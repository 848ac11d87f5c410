
x = "text"
