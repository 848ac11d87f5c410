print("%s in line %s" % (node, node.line))
print("%(node)s in line %(line)s" % {"node": node, "line": node.line})
