print(f"{node!s} in line {node.line!s}")
print(f"{node!s} in line {node.line!s}")
