a = f"{user.name} {user['key']} {user[1]} {user.a['b c'].d}"
b = f'{make()["key"]}: {(1).real}'
c = f"<{(left or right).name}>"
