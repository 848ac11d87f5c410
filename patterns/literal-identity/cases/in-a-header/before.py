while answer is not "no":
    answer = ask()
