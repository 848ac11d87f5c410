print("{} in line {}".format(node, node.line))
print("{0} in line {0.line}, {0}".format(node))
