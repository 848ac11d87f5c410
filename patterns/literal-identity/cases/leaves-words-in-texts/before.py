# x is 1
text = "this is 1"
