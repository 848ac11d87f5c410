a = 1is x
b = 0xfis not x
c = 1jis x
