print(f"{node} in line {node.line}")
print(f"{node} in line {node.line}, {node}")
