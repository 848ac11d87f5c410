x = f"{u'a'} {table[u'b']:>{u'10'}}"
